package emulator

import (
	"errors"
	"iter"
	"maps"
	"strings"
	"testing"
)

// stateRecords yields records that nobody else holds: the store takes them as they are.
func stateRecords(records ...Record) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for _, rec := range records {
			rec.Body = maps.Clone(rec.Body)
			if !yield(rec, nil) {
				return
			}
		}
	}
}

// Records are all there is of the collections that they are of; the seed has the rest.
func TestRecordsTakeThePlaceOfTheSeed(t *testing.T) {
	s, err := New(Options{Seed: "contoso", Records: stateRecords(
		Record{Path: "/users", Body: object{"id": "u1", "displayName": "Ada"}},
		Record{Path: "/groups", Body: object{"id": "g1", "displayName": "Finance"}, Links: map[string][]string{"members": {"u1"}}},
		Record{Path: "/policies/tokenLifetimePolicies", Body: object{"id": "p1", "displayName": "Short"}, From: map[string][]string{"tokenLifetimePolicies": {"a1"}}},
		Record{Path: "/applications", Body: object{"id": "a1", "displayName": "Payroll"}},
		Record{Path: "/applications/a1/federatedIdentityCredentials", Body: object{"name": "ci"}},
		Record{Path: "/policies/authenticationStrengthPolicies", Body: object{
			"id": "s1", "displayName": "Strong", "combinationConfigurations": []any{object{"@odata.type": "#microsoft.graph.fido2CombinationConfiguration"}},
		}},
		Record{Path: "/policies/authenticationMethodsPolicy", Body: object{"reconfirmationInDays": 7}},
	)})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{
		"/users": 1, "/groups": 1, "/applications": 1, "/applications/a1/federatedIdentityCredentials": 1,
		"/policies/authenticationStrengthPolicies/s1/combinationConfigurations": 1,
	} {
		if got := s.Objects(path); len(got) != want || got[0]["id"] == nil || got[0]["id"] == "" {
			t.Errorf("%s holds %v, want %d with an id", path, got, want)
		}
	}
	if len(s.Objects("/servicePrincipals")) == 0 || len(s.store.list("/policies/authenticationMethodsPolicy/authenticationMethodConfigurations")) == 0 {
		t.Error("the seed fills what no record is of")
	}
	for path := range s.store.collections {
		if strings.HasPrefix(path, "/applications/") && !strings.HasPrefix(path, "/applications/a1/") {
			t.Errorf("%s belongs to an application that is not there", path)
		}
	}
	if !s.store.linked("g1", "members", "u1") || !s.store.linked("a1", "tokenLifetimePolicies", "p1") {
		t.Error("a relationship is missing")
	}
}

// Types in a path lead to the collection that the resources table knows without them.
func TestRecordsFollowCasts(t *testing.T) {
	s, err := New(Options{Seed: "empty", Records: stateRecords(
		Record{Path: "/directory/federationConfigurations/microsoft.graph.samlOrWsFedExternalDomainFederation", Body: object{"id": "f1"}},
		Record{Path: "/directory/federationConfigurations/f1/microsoft.graph.samlOrWsFedExternalDomainFederation/domains", Body: object{"id": "fabrikam.com"}},
	)})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Objects("/directory/federationConfigurations/f1/domains"); len(got) != 1 || got[0]["id"] != "fabrikam.com" {
		t.Errorf("the domains are %v", got)
	}
	if got := s.Objects("/directory/federationConfigurations"); len(got) != 1 || got[0]["@odata.type"] != "#microsoft.graph.samlOrWsFedExternalDomainFederation" {
		t.Errorf("the federations are %v", got)
	}
}

func TestRecordsThatCannotBe(t *testing.T) {
	broken := errors.New("the disk is gone")
	for want, records := range map[string]iter.Seq2[Record, error]{
		"/nowhere: no such collection":  stateRecords(Record{Path: "/nowhere", Body: object{"id": "x"}}),
		"/users/x: type group is not a": stateRecords(Record{Path: "/users", Body: object{"id": "x", "@odata.type": "#microsoft.graph.group"}}),
		broken.Error():                  func(yield func(Record, error) bool) { yield(Record{}, broken) },
	} {
		if _, err := New(Options{Records: records}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
