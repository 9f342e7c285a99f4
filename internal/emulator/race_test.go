package emulator

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
)

// Readers and writers at once: what the race detector looks at.
func TestManyClients(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	group := c.group("g")
	domain := c.domain()
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for j := range 5 {
				name := fmt.Sprintf("u%d-%d", i, j)
				made := c.do("POST", "/users", `{"accountEnabled":true,"displayName":"`+name+`","mailNickname":"`+name+`","userPrincipalName":"`+
					name+`@`+domain+`","passwordProfile":{"password":"x"}}`)
				id, _ := made.body["id"].(string)
				c.do("POST", "/groups/"+group+"/members/$ref", pointer(id))
				c.do("GET", "/groups/"+group+"/members", "")
				c.do("PATCH", "/users/"+id, `{"city":"Bonn"}`)
				c.do("POST", "/$batch", `{"requests":[{"id":"1","method":"GET","url":"/users?$top=3"},{"id":"2","method":"GET","url":"/groups/`+group+`"}]}`)
			}
		})
	}
	wg.Wait()
	for _, r := range c.server.Requests() {
		if r.Status >= http.StatusBadRequest {
			t.Fatalf("%+v", r)
		}
	}
	if got := len(c.values("/groups/" + group + "/members")); got != 20 {
		t.Errorf("%d members", got)
	}
}
