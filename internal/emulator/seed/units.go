package seed

// administrativeUnits yields the units with their members and who has a role in them.
func (c *company) administrativeUnits(yield func(Record) bool) {
	unit := func(key, name, about string, more object, members ...string) Record {
		body := object{"id": c.id("administrativeUnits", key), "displayName": name, "description": about, "visibility": nil, "isMemberManagementRestricted": false}
		overlay(body, more)
		overlay(body, c.extensionValues("administrativeUnits/"+key))
		return Record{Path: "/directory/administrativeUnits", Body: body, Links: map[string][]string{"members": members}}
	}
	var munich, dublin []string
	for n, id := range c.people {
		switch p := c.person(n); {
		case p.use != useEmployee || n > contosoUsers:
		case c.cultures[p.office].usage == "DE":
			munich = append(munich, id)
		case c.cultures[p.office].usage == "IE":
			dublin = append(dublin, id)
		}
	}
	scoped := func(unit, role, who string) Record {
		member := c.cast[c.member(who)]
		return Record{Path: "/directory/administrativeUnits/" + c.id("administrativeUnits", unit) + "/scopedRoleMembers", Body: object{
			"id": c.longID("scopedRoleMember", unit, role, who), "administrativeUnitId": c.id("administrativeUnits", unit),
			"roleId": c.id("directoryRoles", role), "roleMemberInfo": object{"id": c.user(who), "displayName": member.display},
		}}
	}
	each(
		unit("emea", "EMEA", "Offices in Europe, the Middle East and Africa.", nil, append(munich, append(dublin, c.id("groups", "department-sales-team"))...)...),
		unit("ireland", "Ireland", "Dublin, by rule.", object{
			"membershipType": "Dynamic", "membershipRule": `user.usageLocation -eq "IE"`, "membershipRuleProcessingState": "On",
		}, dublin...),
		unit("lobby", "Lobby devices (restricted)", "Nobody but the desk changes these.", object{
			"isMemberManagementRestricted": true,
		}, c.id("devices", "kiosk-1")),
		unit("board", "Board of Directors", "Who is in it is nobody's business.", object{
			"visibility": "HiddenMembership", "membershipType": "Assigned",
		}, c.user("ceo"), c.user("cfo"), c.user("clo"), c.id("groups", "board")),
		scoped("emea", roleUserAdministrator, "adm-helpdesk"),
		scoped("board", roleHelpdeskAdministrator, "adm-ciso"),
	)(yield)
}
