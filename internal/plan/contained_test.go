package plan

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/kind"
)

// Each contained element is created, updated or deleted by itself.
func TestPlanOfContainedObjects(t *testing.T) {
	const credentials = "/contained/federatedIdentityCredentials"
	const extension = `{"Status":{"appId":"00-11"},"Spec":{},"Contained":{"extensionProperties":[{"name":"extension_0011_x"}]}}`
	partner := func(name string) string {
		return `{"Contained":{"identitySynchronization":[{"tenantId":"1","displayName":"` + name + `","userSyncInbound":{"isSyncAllowed":true}}]}}`
	}
	run(t, false, []oneObject{
		{name: "one comes, one changes, one goes", key: "applications/1",
			live: `{"Contained":{"federatedIdentityCredentials":[{"name":"a","subject":"s"},{"name":"b"}]},"IDs":{"federatedIdentityCredentials":{"a":"1","b":"2"}}}`,
			want: `{"Contained":{"federatedIdentityCredentials":[{"name":"a","subject":"t"},{"name":"c","issuer":"u"}]}}`,
			plan: []string{"updateContained:federatedIdentityCredentials:a " + credentials + "/a/subject", "createContained:federatedIdentityCredentials:c " + credentials + "/c",
				"deleteContained:federatedIdentityCredentials:b " + credentials + "/b"}},
		{name: "not where its id was not read", key: "applications/1", live: `{"Contained":{"federatedIdentityCredentials":[{"name":"a","subject":"s"},{"name":"b"}]}}`,
			want: `{"Contained":{"federatedIdentityCredentials":[{"name":"a","subject":"t"}]}}`,
			plan: []string{"left alone " + credentials + "/a: its id was not read", "left alone " + credentials + "/b: its id was not read"}},
		{name: "several that differ are one step", key: "crossTenantAccessPolicyPartners/1", live: partner("a"),
			want: `{"Contained":{"identitySynchronization":[{"tenantId":"1","displayName":"b","userSyncInbound":{"isSyncAllowed":false}}]}}`,
			plan: []string{"updateContained:identitySynchronization:1 /contained/identitySynchronization/1/displayName /contained/identitySynchronization/1/userSyncInbound/isSyncAllowed"}},
		{name: "a single one needs no id", key: "crossTenantAccessPolicyPartners/1", live: partner("a"), want: partner("b"),
			plan: []string{"updateContained:identitySynchronization:1 /contained/identitySynchronization/1/displayName"}},
		{name: "what makes room for another goes first", key: "applications/1",
			live: `{"Contained":{"federatedIdentityCredentials":[{"name":"new","issuer":"i","subject":"s"},{"name":"x","issuer":"j","subject":"s"}]},
				"IDs":{"federatedIdentityCredentials":{"new":"1","x":"2"}}}`,
			want: `{"Contained":{"federatedIdentityCredentials":[{"name":"old","issuer":"i","subject":"s"}]}}`,
			plan: []string{"deleteContained:federatedIdentityCredentials:new " + credentials + "/new", "createContained:federatedIdentityCredentials:old " + credentials + "/old",
				"deleteContained:federatedIdentityCredentials:x " + credentials + "/x"}},
		{name: "what has no unique values makes no room", key: "applications/1", live: `{"Contained":{"federatedIdentityCredentials":[{"name":"b"}]},"IDs":{"federatedIdentityCredentials":{"b":"1"}}}`,
			want: `{"Contained":{"federatedIdentityCredentials":[{"name":"c"}]}}`,
			plan: []string{"createContained:federatedIdentityCredentials:c " + credentials + "/c", "deleteContained:federatedIdentityCredentials:b " + credentials + "/b"}},
		{name: "what is only given at creation", key: "applications/1", live: `{"Contained":{"extensionProperties":[{"name":"a","dataType":"String","targetObjects":["User"]}]},
				"IDs":{"extensionProperties":{"a":"1"}}}`,
			want: `{"Contained":{"extensionProperties":[{"name":"a","dataType":"Integer","targetObjects":["User"]}]}}`,
			plan: []string{"left alone /contained/extensionProperties/a/dataType: it can only be given when the element is created; delete the element, then reconcile to have it created again"}},
		{name: "under the name that Graph gives", key: "applications/1", live: `{"Status":{"appId":"00-11"}}`, want: extension,
			plan: []string{"createContained:extensionProperties:extension_0011_x /contained/extensionProperties/extension_0011_x"}},
		{name: "and no other", key: "applications/1", live: `{"Status":{"appId":"00-22"}}`, want: extension,
			plan: []string{"left alone /contained/extensionProperties/extension_0011_x: its name does not start with extension_0022_, which Graph would put there"}},
		{name: "what comes with the tenant changes", key: "authenticationMethodsPolicy/x",
			live: `{"Contained":{"authenticationMethodConfigurations":[{"id":"Sms","@odata.type":"#microsoft.graph.smsAuthenticationMethodConfiguration","state":"enabled"}]}}`,
			want: `{"Contained":{"authenticationMethodConfigurations":[{"id":"Sms","@odata.type":"#microsoft.graph.smsAuthenticationMethodConfiguration","state":"disabled"}]}}`,
			plan: []string{"updateContained:authenticationMethodConfigurations:Sms /contained/authenticationMethodConfigurations/Sms/state"}},
		{name: "and neither comes nor goes", key: "authenticationMethodsPolicy/x",
			live: `{"Contained":{"authenticationMethodConfigurations":[{"id":"Sms","state":"enabled"}]}}`,
			want: `{"Contained":{"authenticationMethodConfigurations":[{"id":"Voice","state":"enabled"}]}}`,
			plan: []string{"left alone /contained/authenticationMethodConfigurations/Sms: it comes with what it is part of and can neither be created nor deleted",
				"left alone /contained/authenticationMethodConfigurations/Voice: it comes with what it is part of and can neither be created nor deleted"}},
		{name: "not another type", key: "authenticationMethodsPolicy/x",
			live: `{"Contained":{"authenticationMethodConfigurations":[{"id":"Sms","@odata.type":"#a","state":"enabled"}]}}`,
			want: `{"Contained":{"authenticationMethodConfigurations":[{"id":"Sms","@odata.type":"#b","state":"disabled"}]}}`,
			plan: []string{"left alone /contained/authenticationMethodConfigurations/Sms: it is a #a now and was a #b, which cannot be written"}},
		{name: "what stays for good", key: "customSecurityAttributeDefinitions/1", live: `{"Contained":{"allowedValues":[{"id":"a","isActive":true}]}}`, want: `{}`,
			plan: []string{"left alone /contained/allowedValues/a: Graph does not let it be removed"}},
		{name: "by request", key: "accessPackageCatalogs/1", live: `{"Contained":{"resources":[{"originId":"p1","originSystem":"AadGroup"}]},"IDs":{"resources":{"AadGroup+p1":"1"}}}`,
			want: `{"Contained":{"resources":[{"originId":"p2","originSystem":"AadGroup"}]}}`,
			plan: []string{"createContained:resources:AadGroup+p2 /contained/resources/AadGroup+p2", "deleteContained:resources:AadGroup+p1 /contained/resources/AadGroup+p1"}},
		{name: "what names something that is gone is not created", key: "servicePrincipals/1", live: `{}`,
			want: `{"Contained":{"appRoleAssignedTo":[{"principalId":"gone","appRoleId":"r","resourceId":"p2"}]}}`,
			plan: []string{"left alone /contained/appRoleAssignedTo/gone+r: principalId names users or groups or servicePrincipals with id gone, which does not exist; restore what it refers to first"}},
		{name: "a value is not taken away before what replaces it is there", key: "permissionGrantPolicies/1",
			live: `{"Contained":{"includes":[{"permissionType":"delegated"}]},"IDs":{"includes":{"+++++delegated++":"1"}}}`,
			want: `{"Contained":{"includes":[{"permissionType":"application"}]}}`,
			plan: []string{"createContained:includes:+++++application++ /contained/includes/+++++application++",
				"deleteContained:includes:+++++delegated++ /contained/includes/+++++delegated++ after permissionGrantPolicies/1:createContained:includes:+++++application++"}},
		{name: "the only one is changed, whatever its properties", key: "domains/1",
			live: `{"Contained":{"federationConfiguration":[{"issuerUri":"evil","displayName":"d"}]},"IDs":{"federationConfiguration":{"only":"1"}}}`,
			want: `{"Contained":{"federationConfiguration":[{"issuerUri":"i","displayName":"d"}]}}`,
			plan: []string{"updateContained:federationConfiguration:only /contained/federationConfiguration/only/issuerUri"}},
		{name: "what would name something that is gone is not changed", key: "roleManagementPolicies/1",
			live: `{"Contained":{"rules":[{"id":"c","claimValue":"p1","isEnabled":true},{"id":"d","isEnabled":true}]}}`,
			want: `{"Contained":{"rules":[{"id":"c","claimValue":"gone","isEnabled":true},{"id":"d","isEnabled":false}]}}`,
			plan: []string{"updateContained:rules:d /contained/rules/d/isEnabled",
				"left alone /contained/rules/c: claimValue names authenticationContextClassReferences with id gone, which does not exist; " + restoreFirst}},
		{name: "what does not differ is not sent", key: "roleManagementPolicies/1",
			live: `{"Contained":{"rules":[{"id":"c","claimValue":"gone","isEnabled":true}]}}`, want: `{"Contained":{"rules":[{"id":"c","claimValue":"gone","isEnabled":false}]}}`,
			plan: []string{"updateContained:rules:c /contained/rules/c/isEnabled"}},
		{name: "elements with one key", key: "applications/1", live: `{"Contained":{"federatedIdentityCredentials":[{"name":"a"},{"name":"a"}]}}`,
			want: `{"Spec":{"notes":"n"},"Contained":{"federatedIdentityCredentials":[{"name":"a","subject":"s"}]}}`,
			plan: []string{"update /spec/notes", "left alone " + credentials + ": its elements cannot be told apart by name"}},
		{name: "elements with one compound key", key: "servicePrincipals/1", live: `{"Contained":{"appRoleAssignedTo":[{"principalId":"p1","appRoleId":"r"},{"principalId":"p1","appRoleId":"r"}]}}`,
			want: `{}`, plan: []string{"left alone /contained/appRoleAssignedTo: its elements cannot be told apart by principalId and appRoleId"}},
	})
}

// An element that is updated by PUT is sent whole, and so names nothing that is gone.
func TestPlanOfAnElementThatIsPut(t *testing.T) {
	k := *kind.ByName("roleManagementPolicies")
	rules := k.Contained[0]
	rules.Put = true
	k.Contained = []kind.Contained{rules}
	want := object(t, "roleManagementPolicies/1", `{"Contained":{"rules":[{"id":"c","claimValue":"ctx","isEnabled":false}]}}`)
	live := object(t, "roleManagementPolicies/1", `{"Contained":{"rules":[{"id":"c","claimValue":"ctx","isEnabled":true}]}}`)
	for reason, tenant := range map[string][]*entra.Object{
		"claimValue names authenticationContextClassReferences with id ctx, which does not exist": {live},
		"": {live, object(t, "authenticationContextClassReferences/ctx", `{}`)},
	} {
		p := newPlanner((&world{live: tenant}).input(t, want))
		d := p.object(&k, want.Key)
		d.plan()
		got := details(entra.Plan{Steps: d.steps, Refusals: d.refusals})
		expected := []string{"updateContained:rules:c /contained/rules/c/isEnabled"}
		if reason != "" {
			expected = []string{"left alone /contained/rules/c: " + reason + "; " + restoreFirst}
		}
		if diff := cmp.Diff(expected, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	if live.Contained["rules"][0]["isEnabled"] != true {
		t.Error("the live element was changed")
	}
}

// Where a collection takes no request to add or to remove an element, both are refused.
func TestPlanOfACollectionWithoutRequests(t *testing.T) {
	k := *kind.ByName("accessPackageCatalogs")
	resources := k.Contained[0]
	none := *resources.Requests
	none.Create, none.Remove = "", ""
	resources.Requests = &none
	k.Contained = []kind.Contained{resources}
	want := object(t, "accessPackageCatalogs/1", `{"Contained":{"resources":[{"originId":"p2","originSystem":"AadGroup"}]}}`)
	live := object(t, "accessPackageCatalogs/1", `{"Contained":{"resources":[{"originId":"p1","originSystem":"AadGroup"}]},"IDs":{"resources":{"AadGroup+p1":"1"}}}`)
	p := newPlanner((&world{live: []*entra.Object{live}}).input(t, want))
	d := p.object(&k, want.Key)
	d.plan()
	expected := []string{"left alone /contained/resources/AadGroup+p1: Graph takes no request to remove it",
		"left alone /contained/resources/AadGroup+p2: Graph takes no request to add it"}
	if diff := cmp.Diff(expected, details(entra.Plan{Steps: d.steps, Refusals: d.refusals})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestShortName(t *testing.T) {
	owner := &entra.Object{Status: map[string]any{"appId": "00-11"}}
	for _, tt := range []struct {
		prefix, name, short string
		ok                  bool
	}{
		{"", "any", "", true},
		{"ext_", "ext_x", "x", true},
		{"ext_", "x", "x", false},
		{"ext_{appId}_", "ext_0011_x", "x", true},
		{"ext_{appId}_", "ext_00-11_x", "ext_00-11_x", false},
		{"{appId}", "0011x", "x", true},
		{"{nothing}_", "_x", "x", true},
	} {
		c := &kind.Contained{CreatePrefix: tt.prefix, Key: []string{"name"}}
		if short, ok := ShortName(c, owner, map[string]any{"name": tt.name}); short != tt.short || ok != tt.ok {
			t.Errorf("%q of %q: %q, %v", tt.prefix, tt.name, short, ok)
		}
	}
}

func TestElementID(t *testing.T) {
	o := &entra.Object{IDs: map[string]map[string]string{"c": {"known": "7"}}}
	for _, tt := range []struct {
		name string
		c    kind.Contained
		key  string
		id   string
		ok   bool
	}{
		{"a single element", kind.Contained{Name: "c", Single: true, Key: []string{"name"}}, "x", "", true},
		{"its key", kind.Contained{Name: "c", Key: []string{"id"}}, "x", "x", true},
		{"as it was read", kind.Contained{Name: "c", Key: []string{"name"}}, "known", "7", true},
		{"another element", kind.Contained{Name: "c", Key: []string{"name"}}, "x", "", false},
		{"another collection", kind.Contained{Name: "d", Key: []string{"name"}}, "known", "", false},
	} {
		if id, ok := ElementID(&tt.c, o, tt.key); id != tt.id || ok != tt.ok {
			t.Errorf("%s: %q, %v", tt.name, id, ok)
		}
	}
}
