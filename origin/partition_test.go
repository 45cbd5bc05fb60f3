package origin_test

import (
	"testing"

	"github.com/corsfetch/corsfetch/origin"
	"github.com/corsfetch/corsfetch/origin/weburl"
)

func TestNetworkPartitionKey(t *testing.T) {
	a := origin.MustParse("https://www.a.test:81")
	creation := weburl.MustParse("https://x.a.test/page")
	opaque := origin.NewOpaque()
	var sites origin.Sites
	for _, tc := range []struct {
		desc     string
		topLevel origin.Origin
		creation *weburl.URL
		want     string
		isNull   bool
	}{
		{"a known origin", a, nil, "https://a.test", false},
		{"a known origin and another URL", a, weburl.MustParse("https://b.test/"), "https://a.test", false},
		{"ORG-025 an origin that is not known yet", origin.Origin{}, creation, "https://a.test", false},
		{"an opaque origin", opaque, creation, "null", false},
		{"an opaque creation URL", origin.Origin{}, weburl.MustParse("data:,x"), "null", false},
		{"no client", origin.Origin{}, nil, "", true},
	} {
		got := origin.NetworkPartitionKey(tc.topLevel, tc.creation)
		if got.String() != tc.want || got.IsNull() != tc.isNull {
			t.Errorf("%s: got %q, null: %t; want %q, %t", tc.desc, got, got.IsNull(), tc.want, tc.isNull)
		}
		if withSites := sites.NetworkPartitionKey(tc.topLevel, tc.creation); !tc.topLevel.IsZero() && withSites != got {
			t.Errorf("%s: got %q with Sites, and %q without", tc.desc, withSites, got)
		}
	}

	if origin.NetworkPartitionKey(a, nil) != origin.NetworkPartitionKey(origin.Origin{}, creation) {
		t.Error("two pages of one site have different keys")
	}
	if clone := opaque; origin.NetworkPartitionKey(opaque, nil) != origin.NetworkPartitionKey(clone, nil) {
		t.Error("one opaque origin has different keys")
	}
	if origin.NetworkPartitionKey(opaque, nil) == origin.NetworkPartitionKey(origin.NewOpaque(), nil) {
		t.Error("two opaque origins have the same key")
	}
	if got := origin.NetworkPartitionKey(origin.Origin{}, nil); got != (origin.PartitionKey{}) {
		t.Errorf("without a client the key is %v; want the zero key", got)
	}
}
