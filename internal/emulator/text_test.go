package emulator

import (
	"strings"
	"testing"
)

// Texts are as long and hold what Microsoft documents.
func TestTextsAreAsDocumented(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	ada, group := c.user("ada"), c.group("readers")
	long := strings.Repeat("ä", 256)
	c.expect(204, "PATCH", "/users/"+ada, `{"displayName": "`+long+`", "city": null, "userType": "Guest", "ageGroup": "Adult"}`)
	for property, value := range map[string]string{
		"displayName": long + "x", "employeeId": "12345678901234567", "userType": "Alien", "ageGroup": "Old",
		"mailNickname": strings.Repeat("x", 65), "userPrincipalName": "ada@elsewhere.example",
	} {
		c.refuses(400, "Request_BadRequest", property, "PATCH", "/users/"+ada, `{"`+property+`": "`+value+`"}`)
	}
	for property, value := range map[string]string{
		"mailNickname": "two words", "visibility": "Secret", "theme": "Black", "displayName": long + "x",
	} {
		c.refuses(400, "Request_BadRequest", property, "PATCH", "/groups/"+group, `{"`+property+`": "`+value+`"}`)
	}
	c.refuses(400, "Request_BadRequest", "visibility", "PATCH", "/groups/"+group, `{"visibility": "HiddenMembership"}`)
	c.refuses(400, "Request_BadRequest", "visibility", "POST", "/groups", `{"displayName": "x", "mailEnabled": false, "mailNickname": "x", "securityEnabled": true, "visibility": "HiddenMembership"}`)
	hidden := c.create("/groups", `{"displayName": "x", "mailEnabled": true, "mailNickname": "hidden", "securityEnabled": false, "groupTypes": ["Unified"], "visibility": "HiddenMembership"}`)
	c.refuses(400, "Request_BadRequest", "visibility", "PATCH", "/groups/"+hidden, `{"visibility": "Public"}`)
	c.refuses(400, "Request_BadRequest", "visibility", "POST", "/groups", `{"displayName": "x", "mailEnabled": false, "mailNickname": "y", "securityEnabled": true, "isAssignableToRole": true, "visibility": "Public"}`)
}
