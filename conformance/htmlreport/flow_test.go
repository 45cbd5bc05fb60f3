package htmlreport

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLanes(t *testing.T) {
	visit := func(urls ...string) *Flow {
		f := &Flow{Page: "https://app.example", Browser: "firefox"}
		for _, u := range urls {
			f.Exchanges = append(f.Exchanges, Exchange{Method: "GET", URL: u, Status: "200"})
		}
		return f
	}
	const a, b, c, d, e = "https://a.example/1", "https://b.example/", "https://c.example/", "http://[::1]:80/x", "https://e.example/2"
	tests := []struct {
		name string
		flow *Flow
		want []string // the servers
		to   []string // labels of requests
	}{
		{"nothing is sent", visit(), nil, nil},
		{"one", visit(a, a), []string{"https://a.example"}, []string{"GET /1", "GET /1"}},
		{"there and back", visit(a, b, a), []string{"https://a.example", "https://b.example"}, []string{"GET /1", "GET /", "GET /1"}},
		{"as many as there are lanes", visit(a, b, c, d), []string{"https://a.example", "https://b.example", "https://c.example", "http://[::1]:80"},
			[]string{"GET /1", "GET /", "GET /", "GET /x"}},
		{"more", visit(a, b, c, d, e), []string{"https://a.example", "https://b.example", "https://c.example", "others"},
			[]string{"GET /1", "GET /", "GET /", "GET " + d, "GET " + e}},
		{"no URL", visit("%zz", "data:,x", ""), []string{"%zz:", "data:", ":"}, []string{"GET /", "GET ,x", "GET /"}},
		{"an origin and no more", visit("https://a.example"), []string{"https://a.example"}, []string{"GET /"}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			var servers, labels []string
			for _, l := range tc.flow.Lanes()[browserLane:] {
				servers = append(servers, l.Name)
			}
			for _, s := range tc.flow.Steps() {
				if s.Number > 0 {
					labels = append(labels, s.Label)
					if s.To <= browserLane || s.To > browserLane+len(servers) {
						t.Errorf("%s goes to lane %d; want a server's", s.Label, s.To)
					}
				}
			}
			if diff := cmp.Diff([][]string{tc.want, tc.to}, [][]string{servers, labels}); diff != "" {
				t.Errorf("lanes and requests differ (-want +got):\n%s", diff)
			}
		})
	}
}

// TestHeaderTable: what decides comes first, then what CORS is about, then the rest
// by name; what is visible is told of responses.
func TestHeaderTable(t *testing.T) {
	origin := &Stop{Header: "Access-Control-Allow-Origin", Want: "*"}
	tests := []struct {
		name    string
		headers http.Header
		visible []string
		decides *Stop
		want    []string
	}{
		{"none", nil, nil, nil, nil},
		{"order", http.Header{"Vary": {"Origin"}, "B": {"2"}, "A": {"1", "2"}, "Access-Control-Allow-Origin": {"x"}}, []string{"b", "VARY"}, nil,
			[]string{"Access-Control-Allow-Origin: x", "Vary: Origin visible", "A: 1", "A: 2", "B: 2 visible"}},
		{"decides", http.Header{"Vary": {"Origin"}, "Access-Control-Allow-Methods": {"GET"}}, nil, &Stop{Header: "Access-Control-Allow-Methods", Got: "GET"},
			[]string{"Access-Control-Allow-Methods: GET decides", "Vary: Origin"}},
		{"decides twice", http.Header{"Access-Control-Allow-Origin": {"a", "b"}}, nil, origin,
			[]string{"Access-Control-Allow-Origin: a decides", "Access-Control-Allow-Origin: b decides"}},
		{"absent", http.Header{"Vary": {"Origin"}}, nil, origin, []string{"Access-Control-Allow-Origin:  decides absent", "Vary: Origin"}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			var got []string
			for _, row := range newHeaderTable("", tc.headers, tc.visible, tc.decides).Rows {
				text := row.Name + ": " + row.Value
				for word, is := range map[string]bool{" visible": row.Visible, " decides": row.Decides != nil} {
					if is {
						text += word
					}
				}
				if row.Absent {
					text += " absent"
				}
				got = append(got, text)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("rows differ (-want +got):\n%s", diff)
			}
		})
	}
}

// TestDecides: it is the last exchange that decides, if one has come to an answer.
func TestDecides(t *testing.T) {
	answered, lost := Exchange{Status: "200"}, Exchange{}
	stop := &Stop{Header: "Vary"}
	tests := []struct {
		name string
		flow Flow
		want int // index, -1 for none
	}{
		{"the last", Flow{Exchanges: []Exchange{answered, answered}, Stop: stop}, 1},
		{"no header", Flow{Exchanges: []Exchange{answered}, Stop: &Stop{Text: "x"}}, -1},
		{"no stop", Flow{Exchanges: []Exchange{answered}}, -1},
		{"no answer", Flow{Exchanges: []Exchange{answered, lost}, Stop: stop}, -1},
	}
	for _, tc := range tests {
		for i := range tc.flow.Exchanges {
			if got := tc.flow.decides(i) != nil; got != (i == tc.want) {
				t.Errorf("%s: exchange %d decides: %t", tc.name, i, got)
			}
		}
	}
}

// TestOneWay: where the answer is not known nothing is told of one, and least that
// there was none.
func TestOneWay(t *testing.T) {
	f := &Flow{Exchanges: []Exchange{{Method: "GET", URL: "https://b.example/", OneWay: true}, {Method: "GET", URL: "https://b.example/", Error: "refused"}}}
	var got []string
	for _, s := range f.Steps() {
		got = append(got, s.Who)
		if s.Lost != (s.Number == 2) {
			t.Errorf("request %d is lost: %v", s.Number, s.Lost)
		}
	}
	if diff := cmp.Diff([]string{"browser to https://b.example", "browser to https://b.example", "browser"}, got); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
}
