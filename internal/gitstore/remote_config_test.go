package gitstore

import "testing"

func TestRemoteURL(t *testing.T) {
	r := newRepo(t)
	if url, err := r.RemoteURL("origin"); err != nil || url != "" {
		t.Errorf("before there is one: %q, %v", url, err)
	}
	const want = "https://example.com/backup.git"
	git(t, r.Dir(), "remote", "add", "origin", want)
	if url, err := r.RemoteURL("origin"); err != nil || url != want {
		t.Errorf("got %q, %v; want %q", url, err, want)
	}
}
