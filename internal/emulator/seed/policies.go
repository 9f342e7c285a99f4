package seed

import "fmt"

// location returns the id of a named location.
func (c *company) location(key string) string { return c.id("namedLocations", key) }

// namedLocations yields the networks and countries that policies refer to, then branches
// up to the scale.
func (c *company) namedLocations(yield func(Record) bool) {
	ranges := func(addresses ...string) []any {
		var all []any
		for _, a := range addresses {
			form := "#microsoft.graph.iPv4CidrRange"
			for _, r := range a {
				if r == ':' {
					form = "#microsoft.graph.iPv6CidrRange"
				}
			}
			all = append(all, object{"@odata.type": form, "cidrAddress": a})
		}
		return all
	}
	network := func(key, name string, trusted bool, addresses ...string) object {
		return object{
			"@odata.type": "#microsoft.graph.ipNamedLocation", "id": c.location(key), "displayName": name,
			"isTrusted": trusted, "ipRanges": ranges(addresses...), "createdDateTime": day(800), "modifiedDateTime": day(1900),
		}
	}
	countries := func(key, name, method string, unknown bool, codes ...string) object {
		return object{
			"@odata.type": "#microsoft.graph.countryNamedLocation", "id": c.location(key), "displayName": name,
			"countriesAndRegions": list(codes...), "countryLookupMethod": method, "includeUnknownCountriesAndRegions": unknown,
			"createdDateTime": day(801), "modifiedDateTime": day(1901),
		}
	}
	bodies := []object{
		network("hq", "HQ and VPN egress", true, "203.0.113.0/24", "198.51.100.64/26", "2001:db8:1000::/36"),
		network("partners", "Partner networks", false, "192.0.2.128/25", "2001:db8:ffff::/48"),
		network("scanners", "Printer VLANs", true, "198.51.100.8/29"),
		countries("allowed", "Countries with an office", "clientIpAddress", false, "US", "DE", "FR", "JP", "IE", "PL", "MX", "IL", "TR", "IN", "UA", "AE"),
		countries("gps", "Germany (GPS)", "authenticatorAppGps", true, "DE"),
	}
	for n := range max(c.scale.Locations, len(bodies)) {
		var body object
		if n < len(bodies) {
			body = bodies[n]
		} else {
			body = network(fmt.Sprint(n), fmt.Sprintf("Branch %03d", n), false, fmt.Sprintf("10.%d.%d.0/24", n/256%256, n%256))
		}
		if !yield(Record{Path: "/identity/conditionalAccess/namedLocations", Body: body}) {
			return
		}
	}
}

// authenticationContexts yields the contexts that policies and applications refer to.
func (c *company) authenticationContexts(yield func(Record) bool) {
	context := func(id, name, about string, available bool) Record {
		return Record{Path: "/identity/conditionalAccess/authenticationContextClassReferences", Body: object{
			"id": id, "displayName": name, "description": about, "isAvailable": available,
		}}
	}
	each(
		context("c1", "Privileged actions", "Activating a role, changing a policy.", true),
		context("c2", "Confidential documents", "Sites with the label Confidential.", true),
		context("c3", "Payments (draft)", "Not published yet.", false),
	)(yield)
}

// conditionalAccess yields the policies, then pilots up to the scale. All of them leave
// the emergency accounts out, by group and by name.
func (c *company) conditionalAccess(yield func(Record) bool) {
	policies := append(c.accessForPeople(), c.accessForRisk()...)
	policies = append(policies, c.accessForRest()...)
	for n := range max(c.scale.Policies, len(policies)) {
		var body object
		if n < len(policies) {
			body = policies[n]
		} else {
			body = c.policy(fmt.Sprintf("CA%03d", n+1), "Pilot", "disabled", conditions{users: object{"includeGroups": list(c.id("groups", "ca-pilot"))}}, controls("OR", "mfa"), nil)
		}
		body["createdDateTime"], body["modifiedDateTime"] = day(1000+n), day(2000+n)
		if !yield(Record{Path: "/identity/conditionalAccess/policies", Body: body}) {
			return
		}
	}
}

// conditions are the parts of a policy's conditions that differ from "everything".
type conditions struct {
	users object
	apps  object
	// clients are the client app types; none means all.
	clients []string
	// more is laid over the whole set.
	more object
}

// policy makes a body as Graph returns it: absent conditions are null, absent lists
// empty.
func (c *company) policy(number, title, state string, when conditions, grant, session object) object {
	users := object{
		"includeUsers": list[string](), "includeGroups": list[string](), "includeRoles": list[string](), "excludeRoles": list[string](),
		"excludeUsers":                 list(c.user("bg1"), c.user("bg2")),
		"excludeGroups":                list(c.id("groups", "break-glass")),
		"includeGuestsOrExternalUsers": nil, "excludeGuestsOrExternalUsers": nil,
	}
	overlay(users, when.users)
	apps := object{
		"includeApplications": list("All"), "excludeApplications": list[string](), "includeUserActions": list[string](),
		"includeAuthenticationContextClassReferences": list[string](), "applicationFilter": nil,
	}
	overlay(apps, when.apps)
	clients := when.clients
	if clients == nil {
		clients = []string{"all"}
	}
	set := object{
		"users": users, "applications": apps, "clientAppTypes": list(clients...),
		"userRiskLevels": list[string](), "signInRiskLevels": list[string](), "servicePrincipalRiskLevels": list[string](), "insiderRiskLevels": nil,
		"platforms": nil, "locations": nil, "devices": nil, "clientApplications": nil, "authenticationFlows": nil,
	}
	overlay(set, when.more)
	return object{
		"id": c.id("conditionalAccessPolicies", number), "displayName": number + " - " + title, "state": state, "templateId": nil,
		"conditions": set, "grantControls": orNull(grant), "sessionControls": orNull(session),
	}
}

// controls returns grant controls that are built in.
func controls(operator string, controls ...string) object {
	return object{
		"operator": operator, "builtInControls": list(controls...), "customAuthenticationFactors": list[string](), "termsOfUse": list[string](),
		"authenticationStrength": nil,
	}
}

// session returns session controls with the given ones set.
func session(set object) object {
	all := object{
		"applicationEnforcedRestrictions": nil, "cloudAppSecurity": nil, "persistentBrowser": nil, "signInFrequency": nil,
		"secureSignInSession": nil, "disableResilienceDefaults": nil,
	}
	overlay(all, set)
	return all
}

func overlay(base, over object) {
	for k, v := range over {
		base[k] = v
	}
}

// orNull keeps an absent object from being a typed nil in a body.
func orNull(o object) any {
	if o == nil {
		return nil
	}
	return o
}
