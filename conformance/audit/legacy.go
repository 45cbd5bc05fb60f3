package audit

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/corsfetch/corsfetch/safelist"
)

// pnaLegacy: F73.
func (p *prober) pnaLegacy() []Finding {
	const allow = "Access-Control-Allow-Private-Network"
	preflight := func(page string) http.Header {
		return http.Header{"Origin": {page}, "Access-Control-Request-Method": {http.MethodGet}}
	}
	ask := func(page string) *answer {
		h := preflight(page)
		h.Set("Access-Control-Request-Private-Network", "true")
		return p.raw(http.MethodOptions, p.subject.Request.URL, h)
	}
	pages := p.strangers()
	for _, page := range pages {
		if a := ask(page); !slices.Equal(a.ResponseHeader[allow], []string{"true"}) {
			return nil
		}
	}
	return []Finding{p.finding(Low, Likely, pages[0],
		"Browsers ask the user now, and no longer this header; where it still counts, it lets every web site at a server in the user's network.",
		fmt.Sprintf("Leave out %s.", allow),
		p.rawProof(pages[0]+" asks for the private network", ask(pages[0])),
		p.rawProof(pages[1]+" asks for the private network", ask(pages[1])),
		p.rawControl(pages[0]+" does not ask for it", p.raw(http.MethodOptions, p.subject.Request.URL, preflight(pages[0]))),
	)}
}

// taoWide: F74.
func (p *prober) taoWide() []Finding {
	page := p.stranger()
	mode, got := p.read(page)
	x := final(got)
	if x == nil || canRead(got) || p.app() == "" {
		return nil // it reads more than that, or there is nothing to compare with
	}
	list := safelist.GetDecodeSplit(x.ResponseHeader["Timing-Allow-Origin"])
	if !slices.Contains(list, "*") && !slices.Contains(list, page) || p.isPublic() {
		return nil
	}
	appMode, app := p.read(p.app())
	return []Finding{p.finding(Info, Proven, page,
		"Any web site learns how long each part of the answer took and how long it is, which may tell it who the user is, though it must not read it.",
		fmt.Sprintf("\"Timing-Allow-Origin: %s\" to pages that read, and none to others.", strings.Join(p.trusted, ", ")),
		p.proof(asPage(page, mode), got),
		p.control(asPage(p.app(), appMode), app),
	)}
}
