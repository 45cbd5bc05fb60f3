module github.com/corsfetch/corsfetch

go 1.26.0

require (
	github.com/google/go-cmp v0.7.0
	github.com/hashicorp/golang-lru/v2 v2.0.7
	golang.org/x/net v0.62.0
)

require golang.org/x/text v0.43.0 // indirect
