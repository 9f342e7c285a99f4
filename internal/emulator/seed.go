package emulator

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"time"
)

// record is one object on its way into the store.
type record struct {
	// path is the collection's path, or the singleton's own.
	path string
	body object
	// links lists the targets' ids by navigation property.
	links map[string][]string
	// from lists the ids of the objects that link here, by their navigation property.
	from map[string][]string
}

// seed fills the store with the content that opts name.
func seed(s *store, opts Options) error {
	switch opts.Seed {
	case "contoso":
		return s.fill(contoso(s.tenantID, opts.Scale))
	case "empty":
		return s.fill(emptyTenant(s.tenantID))
	}
	return fmt.Errorf("no such seed: there are contoso and empty")
}

// fill puts every record into the store. Links may point forward: an edge to an object
// that never comes is seen by nobody.
func (s *store) fill(records iter.Seq[record]) error {
	for rec := range records {
		r, _, ok := s.table.find(rec.path)
		if ok && r.singleton {
			s.setSingleton(rec.path, rec.body)
			continue
		}
		e, err := s.put(rec.path, rec.body)
		if err != nil {
			return err
		}
		for nav, targets := range rec.links {
			for _, target := range targets {
				s.link(e.id, nav, target)
			}
		}
		for nav, sources := range rec.from {
			for _, source := range sources {
				s.link(source, nav, e.id)
			}
		}
	}
	return nil
}

// emptyTenant is a tenant on its first day: what Microsoft provisions and nothing else.
func emptyTenant(tenantID string) iter.Seq[record] {
	c := newCompany(tenantID, Scale{})
	c.bare = true
	return concat(c.tenant, c.firstPartyPrincipals, c.roleDefinitions, c.firstDay)
}

// contoso is a company of some 300 people. Its families are independent of each
// other: an object's id depends on the tenant, its kind and its name or number, so a
// larger scale adds objects and renames none.
func contoso(tenantID string, scale Scale) iter.Seq[record] {
	c := newCompany(tenantID, scale)
	return concat(
		c.tenant,
		c.users,
		c.groups,
		c.applications,
		c.firstPartyPrincipals,
		c.principals,
		c.grants,
		c.appRoleAssignments,
		c.namedLocations,
		c.authenticationContexts,
		c.conditionalAccess,
		c.customStrengths,
		c.classifications,
		c.directory,
		c.roleDefinitions,
		c.administrativeUnits,
		c.roleAssignments,
		c.directoryRoles,
		c.rolePolicies,
		c.eligibilities,
		c.crossTenantAccess,
		c.certificates,
		c.otherPolicies,
		c.external,
		c.governance,
		c.lifecycle,
	)
}

// company knows who and what there is, so that families can refer to each other. It holds
// no bodies.
type company struct {
	tenantID string
	scale    Scale
	cultures []culture
	// cast is the people that other families call by name.
	cast []castMember
	// people are the ids of all users: the cast, then the generated ones.
	people []string
	apps   []app
	// bare makes a tenant whose settings name no group, person or application.
	bare bool
}

// The natural size of the company.
const (
	contosoUsers     = 300
	contosoGroups    = 60
	contosoApps      = 25
	contosoPolicies  = 12
	contosoLocations = 5
)

// domains of the tenant.
const (
	mainDomain    = "contoso.com"
	initialDomain = "contoso.onmicrosoft.com"
	localDomain   = "corp.contoso.local"
)

// newCompany lays out a company. A count below what the other families refer to
// by name is raised to it.
func newCompany(tenantID string, scale Scale) *company {
	c := &company{tenantID: tenantID, scale: scale, cultures: cultures(), cast: cast()}
	c.apps = c.applicationTable()
	c.scale.Users = max(orDefault(scale.Users, contosoUsers), len(c.cast))
	c.scale.Groups = max(orDefault(scale.Groups, contosoGroups), len(c.fixedGroups()))
	c.scale.Applications = max(orDefault(scale.Applications, contosoApps), len(c.apps))
	c.scale.Policies = orDefault(scale.Policies, contosoPolicies)
	c.scale.Locations = orDefault(scale.Locations, contosoLocations)
	c.people = make([]string, c.scale.Users)
	for i := range c.people {
		name := strconv.Itoa(i - len(c.cast))
		if i < len(c.cast) {
			name = c.cast[i].key
		}
		c.people[i] = c.id("users", name)
	}
	return c
}

// id returns the id of the object of a family that has a name.
func (c *company) id(family, name string) string { return deriveID(c.tenantID, family, name) }

// longID returns an opaque id in the form that grants and role assignments have.
func (c *company) longID(parts ...string) string {
	sum := sha256.Sum256([]byte(deriveID(c.tenantID, parts...)))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// founded is the day on which the seed's history begins; it has no other clock.
var founded = time.Date(2019, time.March, 4, 8, 30, 0, 0, time.UTC)

// day returns the instant n days after the company was founded, as Graph writes it.
func day(n int) string { return founded.AddDate(0, 0, n).Format(time.RFC3339) }

// mix spreads small numbers, so that neighbours do not look alike. It is the finalizer of
// splitmix64.
func mix(n int) int {
	x := uint64(n) + 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return int((x ^ x>>31) >> 2)
}

// list returns values as the JSON array they are in a body.
func list[T any](values ...T) []any {
	a := make([]any, len(values))
	for i, v := range values {
		a[i] = v
	}
	return a
}

// num returns n as a JSON number in a body.
func num(n int) json.Number { return json.Number(strconv.Itoa(n)) }

func orDefault(n, natural int) int {
	if n > 0 {
		return n
	}
	return natural
}

func concat(families ...iter.Seq[record]) iter.Seq[record] {
	return func(yield func(record) bool) {
		for _, family := range families {
			for rec := range family {
				if !yield(rec) {
					return
				}
			}
		}
	}
}

// each yields a literal list of records.
func each(records ...record) iter.Seq[record] { return slices.Values(records) }
