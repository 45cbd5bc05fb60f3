package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/corsfetch/corsfetch/conformance/htmlreport"
)

// htmlFlag returns a flag.Func for the file of -html.
func htmlFlag(dst *string) func(string) error {
	return func(s string) error {
		if s == "" || s == "-" {
			return errors.New("want a file; standard output has the text, or with -json the JSON")
		}
		*dst = s
		return nil
	}
}

// writeHTML writes a document to a file: all of it, or nothing.
func writeHTML(file string, d *htmlreport.Document) error {
	d.Made = time.Now().UTC()
	var b bytes.Buffer
	if _, err := d.WriteTo(&b); err != nil {
		return err
	}
	return replaceFile(file, b.Bytes())
}

// replaceFile writes a file, which has what it had if that fails. What is there
// and no file, as a pipe, is written to.
func replaceFile(file string, data []byte) error {
	if target, err := filepath.EvalSymlinks(file); err == nil {
		file = target
	}
	mode := fs.FileMode(0o666)
	if info, err := os.Stat(file); err == nil {
		if !info.Mode().IsRegular() {
			return os.WriteFile(file, data, 0)
		}
		mode = info.Mode().Perm()
	}
	part := fmt.Sprintf("%s.%d.part", file, os.Getpid())
	err := os.WriteFile(part, data, mode)
	if err == nil {
		err = os.Rename(part, file)
	}
	if err != nil {
		os.Remove(part)
	}
	return err
}
