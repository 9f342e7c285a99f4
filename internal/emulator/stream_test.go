package emulator

import (
	"net/http"
	"strings"
	"testing"
)

// Pictures have an address of their own, and the object says whether one is there.
func TestStreams(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	path := "/organization/" + c.server.TenantID() + "/branding"
	c.refuses(404, "Request_ResourceNotFound", "branding", "GET", path+"/bannerLogo", "")
	c.expect(http.StatusNoContent, "PATCH", path, `{"signInPageText":"Hello"}`)
	if body := c.get(path); body["bannerLogoRelativeUrl"] != nil {
		t.Errorf("no picture: %v", body)
	}
	c.refuses(404, "Request_ResourceNotFound", "bannerLogo", "GET", path+"/bannerLogo", "")
	c.refuses(400, "BadRequest", "image/", "PUT", path+"/bannerLogo", `{}`)
	const picture = "\x89PNG\r\n\x1a\nthe rest"
	if a := c.with("Content-Type", "image/png").do("PUT", path+"/bannerLogo", picture); a.status != http.StatusNoContent {
		t.Fatalf("%d %s", a.status, a.text)
	}
	body := c.get(path)
	if _, shown := body["bannerLogo"]; shown || body["bannerLogoRelativeUrl"] == nil {
		t.Errorf("a picture: %v", body)
	}
	if a := c.do("GET", path+"/bannerLogo", ""); a.text != picture || a.header.Get("Content-Type") != "image/png" {
		t.Errorf("%q of %s", a.text, a.header.Get("Content-Type"))
	}
	batch := c.do("POST", "/$batch", `{"requests":[{"id":"1","method":"GET","url":"`+path+`/bannerLogo"}]}`)
	if !strings.Contains(batch.text, `"body":"iVBORw0KGgp0aGUgcmVzdA=="`) {
		t.Errorf("in a batch: %s", batch.text)
	}
	c.refuses(400, "BadRequest", "Stream", "PATCH", path, `{"bannerLogo":"eA=="}`)
	c.refuses(405, "Request_BadRequest", "not allowed", "DELETE", path+"/bannerLogo", "")
}
