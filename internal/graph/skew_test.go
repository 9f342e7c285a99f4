package graph

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestSkew(t *testing.T) {
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat))
		w.Header().Set("Content-Type", "application/json")
		w.Write([]byte(`{}`))
	}))
	defer web.Close()
	client, err := New(Config{BaseURL: web.URL})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := client.Skew(); ok {
		t.Error("knows the host's clock before an answer")
	}
	if _, err := client.Get(t.Context(), "/organization", nil); err != nil {
		t.Fatal(err)
	}
	if skew, ok := client.Skew(); !ok || (skew-time.Hour).Abs() > 5*time.Second {
		t.Errorf("skew %v %v, want an hour", skew, ok)
	}
}

func TestGitHubClaims(t *testing.T) {
	answer := ""
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Write([]byte(`{"value":"` + answer + `"}`))
	}))
	defer web.Close()
	g := GitHubOIDC{URL: web.URL, Token: "t", Audience: "a"}
	answer = "x." + base64.RawURLEncoding.EncodeToString([]byte(`{"iss":"i","sub":"repo:o/n:ref:refs/heads/main","aud":"a"}`)) + ".y"
	got, err := g.Claims(context.Background())
	if want := (GitHubClaims{"i", "repo:o/n:ref:refs/heads/main", "a"}); err != nil || got != want {
		t.Errorf("%+v %v", got, err)
	}
	for _, answer = range []string{"no token", "a.b!.c", "a." + base64.RawURLEncoding.EncodeToString([]byte("1")) + ".c"} {
		if _, err := g.Claims(context.Background()); err == nil {
			t.Errorf("%q passed for a token", answer)
		}
	}
}
