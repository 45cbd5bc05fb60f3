package engine

import (
	"context"

	"github.com/corsfetch/corsfetch/fetch"
	"github.com/corsfetch/corsfetch/fetch/initiator"
)

// login visits the scenario's logins, before the page opens.
func (c *client) login(ctx context.Context) error {
	tab := fetch.Transport{Browser: c.browser}
	for _, place := range c.web.Logins() {
		resp, err := tab.Fetch(ctx, initiator.Navigation(c.web.LoginURL(place)))
		if err != nil {
			return err
		}
		if err := resp.Body.Close(); err != nil {
			return err
		}
	}
	return nil
}

// prompt stands for a prompt that nobody answers.
//
// Note: a browser would wait. That takes a step's whole time, and comes to the
// same.
func (c *client) prompt(context.Context, fetch.Challenge) (user, password string, ok bool) {
	c.asked = true
	return "", "", false
}

// allowLocalNetwork stands for a question that nobody answers, likewise.
func (c *client) allowLocalNetwork(context.Context, fetch.LocalNetworkRequest) bool {
	c.asked = true
	return false
}
