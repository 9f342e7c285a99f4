// Package github keeps one drift pull request on GitHub and talks to the runner of
// a GitHub Actions job: step summary, outputs, annotations.
//
// It owns GitHub's REST interface and the runner's file and log conventions, and is
// the sole importer of go-github. It must not know what a snapshot or a change is:
// texts come finished from the caller.
package github
