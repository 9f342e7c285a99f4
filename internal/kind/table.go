package kind

// table lists every kind in the order of capture: what is referred to comes before
// what refers to it, so that names are known when they are needed.
var table = []*Kind{
	users,
	groups,
	applications,
	servicePrincipals,
	oauth2PermissionGrants,
	namedLocations,
	conditionalAccessPolicies,
	authenticationMethodsPolicy,
	authorizationPolicy,
	organization,
}

var byName = index(table)

func index(kinds []*Kind) map[string]*Kind {
	m := make(map[string]*Kind, len(kinds))
	for _, k := range kinds {
		m[k.Name] = k
	}
	return m
}
