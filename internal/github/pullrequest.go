package github

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	gh "github.com/google/go-github/v60/github"

	"github.com/entragit/entragit/internal/entra"
)

// maxBody is GitHub's limit for the body of a pull request, in characters.
const maxBody = 65_536

// Branches names the two ends of the drift pull request.
type Branches struct {
	Base string // what people approved: "main"
	Head string // what the machine saw: "snapshots"
}

// Action says what became of the pull request.
type Action string

// The actions on a pull request.
const (
	Opened    Action = "opened"
	Updated   Action = "updated"
	Unchanged Action = "unchanged" // it said the same already
	Closed    Action = "closed"
	None      Action = "none" // there is none, and none is needed
)

// PullRequest is the drift pull request and what was done to it. Number and URL are
// empty for None.
type PullRequest struct {
	Action Action
	Number int
	URL    string
}

// Propose opens the pull request between the branches, or brings the text of the
// open one up to date: there is never more than one. body is Markdown. Branches
// without a commit between them need no pull request.
func (c *Client) Propose(ctx context.Context, b Branches, title, body string) (PullRequest, error) {
	if n := utf8.RuneCountInString(body); n > maxBody {
		return PullRequest{}, fmt.Errorf("pull request body of %d characters: %w", n, entra.ErrInvalid)
	}
	open, err := c.find(ctx, b)
	if err != nil {
		return PullRequest{}, err
	}
	if open != nil {
		return c.update(ctx, open, title, body)
	}
	var opened *gh.PullRequest
	err = c.call(ctx, "open a pull request", func() (err error) {
		opened, _, err = c.gh.PullRequests.Create(ctx, c.owner, c.name,
			&gh.NewPullRequest{Title: &title, Head: &b.Head, Base: &b.Base, Body: &body})
		return err
	})
	switch {
	case err == nil:
		return describe(Opened, opened), nil
	case refusedFor(err, "no commits between"):
		return PullRequest{Action: None}, nil
	case refusedFor(err, "already exists"):
		// Another run was faster, or our first attempt came through after all.
		open, err = c.find(ctx, b)
		if err != nil {
			return PullRequest{}, err
		}
		if open != nil {
			return c.update(ctx, open, title, body)
		}
	}
	return PullRequest{}, err
}

// Withdraw closes the open pull request between the branches, if there is one, and
// says why in a comment: nothing is left to review.
func (c *Client) Withdraw(ctx context.Context, b Branches, comment string) (PullRequest, error) {
	open, err := c.find(ctx, b)
	if err != nil || open == nil {
		return PullRequest{Action: None}, err
	}
	err = c.call(ctx, "close the pull request", func() error {
		_, _, err := c.gh.PullRequests.Edit(ctx, c.owner, c.name, open.GetNumber(), &gh.PullRequest{State: gh.String("closed")})
		return err
	})
	if err != nil {
		return PullRequest{}, err
	}
	// Last, so that a repeated run does not comment twice.
	err = c.call(ctx, "comment on the pull request", func() error {
		_, _, err := c.gh.Issues.CreateComment(ctx, c.owner, c.name, open.GetNumber(), &gh.IssueComment{Body: &comment})
		return err
	})
	return describe(Closed, open), err
}

// find returns the open pull request between the branches, or nil.
func (c *Client) find(ctx context.Context, b Branches) (*gh.PullRequest, error) {
	// GitHub ignores a head without its owner, so the answer is checked once more.
	options := &gh.PullRequestListOptions{State: "open", Base: b.Base, Head: c.owner + ":" + b.Head,
		ListOptions: gh.ListOptions{PerPage: 100}}
	for {
		var (
			found []*gh.PullRequest
			resp  *gh.Response
		)
		err := c.call(ctx, "list pull requests", func() (err error) {
			found, resp, err = c.gh.PullRequests.List(ctx, c.owner, c.name, options)
			return err
		})
		if err != nil {
			return nil, err
		}
		for _, pr := range found {
			own := strings.EqualFold(pr.GetHead().GetRepo().GetFullName(), c.owner+"/"+c.name)
			if own && pr.GetHead().GetRef() == b.Head && pr.GetBase().GetRef() == b.Base {
				return pr, nil
			}
		}
		if resp.NextPage == 0 {
			return nil, nil
		}
		options.Page = resp.NextPage
	}
}

func (c *Client) update(ctx context.Context, open *gh.PullRequest, title, body string) (PullRequest, error) {
	// GitHub keeps a body with its own line ends.
	if open.GetTitle() == title && strings.ReplaceAll(open.GetBody(), "\r\n", "\n") == body {
		return describe(Unchanged, open), nil
	}
	err := c.call(ctx, "update the pull request", func() error {
		_, _, err := c.gh.PullRequests.Edit(ctx, c.owner, c.name, open.GetNumber(), &gh.PullRequest{Title: &title, Body: &body})
		return err
	})
	return describe(Updated, open), err
}

func describe(a Action, pr *gh.PullRequest) PullRequest {
	return PullRequest{Action: a, Number: pr.GetNumber(), URL: pr.GetHTMLURL()}
}

// refusedFor reports whether GitHub refused a write with a reason that contains the
// words; it has no codes for them.
func refusedFor(err error, words string) bool {
	return errors.Is(err, entra.ErrRejected) && strings.Contains(strings.ToLower(err.Error()), words)
}
