package emulator

import (
	"net/http"
	"slices"
	"strings"
)

// sight is what callers see of the objects of a type: a request that is granted may show
// less than there is, without an error.
type sight struct {
	// by are the permissions of which one shows everything.
	by []string
	// basic are those of which one shows some properties alone, and shows these properties.
	basic, shows []string
	// own are properties that have permissions of their own.
	own map[string][]string
}

// Permissions to read every type of directory object.
const readDirectory, writeDirectory = "Directory.Read.All", "Directory.ReadWrite.All"

var attributePermissions = []string{"CustomSecAttributeAssignment.Read.All", "CustomSecAttributeAssignment.ReadWrite.All"}

// sights are what Microsoft documents. An object of a type that the caller may not read shows
// its id and type wherever it is linked ("Limited information returned for inaccessible member
// objects", on the page "Overview of Microsoft Graph permissions"). A property that takes a permission of its own reads null
// ("user resource type", on employeeLeaveDateTime; "Custom security attributes", questions
// and answers 1188139). With User.Read.All an organization shows three properties ("Get
// organization"), and User.ReadBasic.All and GroupMember.Read.All show basic properties of
// people and groups ("Microsoft Graph permissions reference"), which are listed for people alone.
var sights = map[string]sight{
	"user": {
		by:    []string{"User.Read.All", "User.ReadWrite.All", readDirectory, writeDirectory},
		basic: []string{"User.ReadBasic.All"},
		shows: []string{"displayName", "givenName", "surname", "mail", "userPrincipalName"},
		own: map[string][]string{
			"employeeLeaveDateTime":    {"User-LifeCycleInfo.Read.All", "User-LifeCycleInfo.ReadWrite.All"},
			"customSecurityAttributes": attributePermissions,
		},
	},
	"group": {
		by:    []string{"Group.Read.All", "Group.ReadWrite.All", readDirectory, writeDirectory},
		basic: []string{"Group.ReadBasic.All", "GroupMember.Read.All", "GroupMember.ReadWrite.All"},
		shows: []string{"displayName", "description", "mail", "mailEnabled", "mailNickname", "securityEnabled", "groupTypes"},
	},
	"device":      {by: []string{"Device.Read.All", "Device.ReadWrite.All", readDirectory, writeDirectory}},
	"application": {by: []string{"Application.Read.All", "Application.ReadWrite.All", "Application.ReadWrite.OwnedBy", readDirectory, writeDirectory}},
	"servicePrincipal": {
		by:  []string{"Application.Read.All", "Application.ReadWrite.All", "Application.ReadWrite.OwnedBy", readDirectory, writeDirectory},
		own: map[string][]string{"customSecurityAttributes": attributePermissions},
	},
	"organization": {
		by:    []string{"Organization.Read.All", "Organization.ReadWrite.All", readDirectory, writeDirectory},
		basic: []string{"User.Read.All", "User.ReadWrite.All"},
		shows: []string{"displayName", "verifiedDomains"},
	},
}

// hiddenMembers is the permission without which the members of what hides them are left out
// ("List group members", "List members" of an administrative unit), and hidden the visibility of what
// hides them.
const hiddenMembers, hidden = "Member.Read.Hidden", "HiddenMembership"

// withhold takes out of the answer to a read what the caller's permissions do not show. The
// caller holds the store's lock.
func (s *Server) withhold(req *request, t *target, answer *response) {
	body, ok := answer.body.(object)
	if s.granted == nil || req.caller.userName != "" || req.isWrite() || answer.status != http.StatusOK || !ok {
		return
	}
	if t.link != nil && t.link.name == "members" && s.hidesMembers(t.owner) {
		body["value"] = []any{}
		delete(body, "@odata.nextLink")
		delete(body, "@odata.count")
		return
	}
	typ := ""
	switch {
	case t.item != nil:
		typ = t.item.typ
	case t.cast != "":
		typ = t.cast
	case t.resource != nil:
		typ = t.resource.typ
	}
	values, list := body["value"].([]any)
	if !list {
		s.withholdFrom(body, typ)
	}
	for _, v := range values {
		if o, ok := v.(object); ok {
			s.withholdFrom(o, typ)
		}
	}
}

func (s *Server) hidesMembers(owner *entry) bool {
	return owner.body["visibility"] == hidden && !s.granted.any(hiddenMembers)
}

// withholdFrom takes from one object, which is of the type unless it says otherwise, and from
// those that came with it.
func (s *Server) withholdFrom(o object, typ string) {
	if named, ok := o["@odata.type"].(string); ok {
		typ = typeName(named)
	}
	id, _ := o["id"].(string)
	if e := s.store.directory[fold(id)]; e != nil && o["members"] != nil && s.hidesMembers(e) {
		o["members"] = []any{}
	}
	for _, v := range o {
		inner, _ := v.([]any)
		if one, ok := v.(object); ok {
			inner = []any{one}
		}
		for _, one := range inner {
			if x, ok := one.(object); ok && x["@odata.type"] != nil {
				s.withholdFrom(x, "")
			}
		}
	}
	rule, ok := sights[typ]
	if !ok {
		return
	}
	for name := range o {
		if name != "id" && !strings.Contains(name, "@") && !s.shows(rule, name) {
			o[name] = nil
		}
	}
}

// shows reports whether the caller sees a property.
func (s *Server) shows(rule sight, name string) bool {
	if by, ok := rule.own[name]; ok && !s.granted.any(by...) {
		return false
	}
	return s.granted.any(rule.by...) || s.granted.any(rule.basic...) && slices.Contains(rule.shows, name)
}
