package orb

import "slices"

// Chromium returns the rules of Chromium 156.
func Chromium() *Rules {
	return &Rules{
		Safelisted: []string{
			"audio/", "video/", "application/ogg", "application/dash+xml", "application/vnd.apple.mpegurl", "text/vtt",
		},
		NeverSniffed: append(neverSniffed(), "text/pdf"),
		Images:       chromiumImages(),
		Media:        chromiumMedia(),
		ByStart:      true,
		HomeAllowed:  true,
	}
}

// Firefox returns the rules of Firefox 153 ESR.
func Firefox() *Rules {
	return &Rules{
		Safelisted: []string{
			"application/dash+xml", "application/vnd.apple.mpegurl", "audio/mpegurl", "text/vtt",
			"audio/mp3", "audio/aac", "audio/aacp", "multipart/x-mixed-replace",
		},
		NeverSniffed: neverSniffed(),
		Images:       webImages(),
		Media:        firefoxMedia(),
		PlainNosniff: true,
		AfterType:    true,
	}
}

// neverSniffed are the types of which nothing is handed out by either browser:
// archives, office documents, and other data.
func neverSniffed() []string {
	return []string{
		"application/gzip", "application/x-gzip", "application/zip", "application/x-protobuf", "application/x-protobuffer", "application/pdf",
		"application/msexcel", "application/mspowerpoint", "application/msword", "application/msword-template",
		"application/vnd.ces-quickpoint", "application/vnd.ces-quicksheet", "application/vnd.ces-quickword",
		"application/vnd.ms-excel", "application/vnd.ms-excel.sheet.macroenabled.12",
		"application/vnd.ms-powerpoint", "application/vnd.ms-powerpoint.presentation.macroenabled.12",
		"application/vnd.ms-word", "application/vnd.ms-word.document.12", "application/vnd.ms-word.document.macroenabled.12",
		"application/vnd.msword",
		"application/vnd.openxmlformats-officedocument.presentationml.presentation",
		"application/vnd.openxmlformats-officedocument.presentationml.template",
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		"application/vnd.openxmlformats-officedocument.spreadsheetml.template",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.template",
		"application/vnd.presentation-openxml", "application/vnd.presentation-openxmlm",
		"application/vnd.spreadsheet-openxml", "application/vnd.wordprocessing-openxml",
		"multipart/byteranges", "multipart/signed", "text/csv", "text/event-stream",
	}
}

// chromiumImages are how what Chromium takes for an image begins.
func chromiumImages() []Signature {
	return append(plain(
		"\x00\x00\x01\x00", "BM", "GIF87a", "GIF89a", "\x89PNG\r\n\x1A\n", "\xFF\xD8\xFF",
		"#define",               // an X bitmap
		"I I", "II*", "MM\x00*", // TIFF
		"II\x1a\x00\x00\x00HEAPCCDR", // from here on what cameras write
		"\x00MRM", "MMOR", "IIRO", "IIRS",
		"FUJIFILMCCD-RAW ",
		"IIU\x00\x08\x00\x00\x00", "IIU\x00\x18\x00\x00\x00",
		"MMMMRaw", "FOVb",
	), gaps("RIFF????WEBPVP"))
}

// chromiumMedia are how what Chromium takes for audio or video begins.
func chromiumMedia() []Signature {
	return slices.Concat(plain(
		"OggS\x00", "fLaC", "#!AMR\n", "ID3", "FLV", ".RMF",
		"\x1A\x45\xDF\xA3", // WebM
		"\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\x00\xAA\x00\x62\xCE\x6C", // ASF
	), []Signature{
		gaps("RIFF????WAVEfmt "), gaps("RIFF????AVI LIST"), gaps("????ftyp"), gaps("????moov"),
		{Pattern: "\x00\x00\x01\xB0", Mask: "\xFF\xFF\xFF\xF0"}, // MPEG
		{Pattern: "\xFF\xE0", Mask: "\xFF\xE0"},                 // MP3
	})
}

// firefoxMedia are how what Firefox takes for audio or video begins, but for
// brands of MP4 that it does not know, and for MP3 and AAC without a header,
// whose frames it counts.
func firefoxMedia() []Signature {
	return append(plain(
		"OggS\x00", "ID3", "fLaC", "#EXTM3U",
		"\x1A\x45\xDF\xA3", // WebM
	), gaps("RIFF????WAVE"), gaps("????ftypmp4"), gaps("????ftypavc"), gaps("????ftyp3gp"), gaps("????ftypM4V"), gaps("????ftypM4A"),
		gaps("????ftypM4P"), gaps("????ftypqt"), gaps("????ftypcrx"), gaps("????ftypiso"), gaps("????ftypmmp4"), gaps("????ftypavif"))
}
