package emulator

import (
	"net/http"
	"slices"
	"testing"
)

// A deleted object comes back with its id, memberships, owners and assignments.
func TestSoftDeleteAndRestore(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	ada, boss, group := c.user("ada"), c.user("boss"), c.group("g")
	c.expect(http.StatusNoContent, "POST", "/groups/"+group+"/members/$ref", pointer(ada))
	c.expect(http.StatusNoContent, "PUT", "/users/"+ada+"/manager/$ref", pointer(boss))
	app := c.expect(http.StatusCreated, "POST", "/applications", `{"displayName":"A"}`)
	principal := c.create("/servicePrincipals", `{"appId":"`+app["appId"].(string)+`"}`)
	list := "/servicePrincipals/" + principal + "/appRoleAssignedTo"
	c.create(list, `{"principalId":"`+ada+`","resourceId":"`+principal+`","appRoleId":"`+zeroID+`"}`)

	c.expect(http.StatusNoContent, "DELETE", "/users/"+ada, "")
	c.refuses(404, "Request_ResourceNotFound", ada, "GET", "/users/"+ada, "")
	c.refuses(404, "Request_ResourceNotFound", ada, "PATCH", "/users/"+ada, `{"city":"x"}`)
	for _, path := range []string{"/groups/" + group + "/members", list, "/users/" + boss + "/directReports"} {
		if got := c.values(path); len(got) != 0 {
			t.Errorf("%s still shows the deleted user: %v", path, got)
		}
	}
	deleted := c.get("/directory/deletedItems/" + ada)
	if deleted["@odata.type"] != "#microsoft.graph.user" {
		t.Errorf("deleted item: %v", deleted)
	}
	if got := pick(c.values("/directory/deletedItems/microsoft.graph.user?$select=id,deletedDateTime"), "deletedDateTime"); !slices.Equal(got, []string{"2026-10-01T09:00:00Z"}) {
		t.Errorf("deletedDateTime: %v", got)
	}
	if got := c.values("/directory/deletedItems/microsoft.graph.group"); len(got) != 0 {
		t.Errorf("deleted groups: %v", got)
	}
	if restored := c.expect(http.StatusOK, "POST", "/directory/deletedItems/"+ada+"/restore", ""); restored["id"] != ada {
		t.Errorf("restored: %v", restored)
	}
	for _, path := range []string{"/groups/" + group + "/members", list, "/users/" + boss + "/directReports", "/users?$filter=id eq '" + ada + "'"} {
		if got := c.values(path); len(got) != 1 {
			t.Errorf("%s does not show the restored user: %v", path, got)
		}
	}
	c.refuses(404, "Request_ResourceNotFound", ada, "POST", "/directory/deletedItems/"+ada+"/microsoft.graph.restore", "")
}

func TestRestoreConflict(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	ada := c.user("ada")
	c.expect(http.StatusNoContent, "DELETE", "/users/"+ada, "")
	c.user("ada")
	restore := "/directory/deletedItems/" + ada + "/restore"
	c.refuses(400, "ObjectConflict", "userPrincipalName", "POST", restore, "")
	c.expect(http.StatusOK, "POST", restore, `{"autoReconcileProxyConflict":true,"newUserPrincipalName":"ada2@`+c.domain()+`"}`)
	if got := c.get("/users/ada2@" + c.domain())["id"]; got != ada {
		t.Errorf("%v", got)
	}
}

func TestPermanentDelete(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	ada, group := c.user("ada"), c.group("g")
	c.expect(http.StatusNoContent, "POST", "/groups/"+group+"/members/$ref", pointer(ada))
	c.expect(http.StatusNoContent, "DELETE", "/users/"+ada, "")
	c.expect(http.StatusNoContent, "DELETE", "/directory/deletedItems/"+ada, "")
	c.refuses(404, "Request_ResourceNotFound", ada, "GET", "/directory/deletedItems/"+ada, "")
	c.refuses(404, "Request_ResourceNotFound", ada, "POST", "/directory/deletedItems/"+ada+"/restore", "")
	if edges := c.server.store.links[linkKey{group, "members"}]; edges != nil && len(edges.ids) != 0 {
		t.Errorf("edges left: %v", edges.ids)
	}
}

// Deleting an application deletes its service principal; each is restored on its own.
func TestApplicationTakesItsServicePrincipalAlong(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	app := c.expect(http.StatusCreated, "POST", "/applications", `{"displayName":"A"}`)
	id := app["id"].(string)
	principal := c.create("/servicePrincipals", `{"appId":"`+app["appId"].(string)+`"}`)
	credential := c.create("/applications/"+id+"/federatedIdentityCredentials", `{"name":"ci","issuer":"i","subject":"s","audiences":["a"]}`)
	c.expect(http.StatusNoContent, "DELETE", "/applications/"+id, "")
	c.refuses(404, "Request_ResourceNotFound", principal, "GET", "/servicePrincipals/"+principal, "")
	c.expect(http.StatusOK, "POST", "/directory/deletedItems/"+id+"/restore", "")
	c.refuses(404, "Request_ResourceNotFound", principal, "GET", "/servicePrincipals/"+principal, "")
	c.expect(http.StatusOK, "POST", "/directory/deletedItems/"+principal+"/restore", "")
	if body := c.get("/servicePrincipals/" + principal); body["appId"] != app["appId"] {
		t.Errorf("%v", body)
	}
	if got := c.values("/applications/" + id + "/federatedIdentityCredentials"); len(got) != 1 || got[0]["id"] != credential {
		t.Errorf("credentials: %v", got)
	}
}

func TestConditionalAccessBin(t *testing.T) {
	c := serve(t, Options{})
	policy := c.values("/identity/conditionalAccess/policies")[3]
	path := "/identity/conditionalAccess/policies/" + policy["id"].(string)
	before := c.do("GET", path, "").text
	c.expect(http.StatusNoContent, "DELETE", path, "")
	bin := "/identity/conditionalAccess/deletedItems/policies"
	if got := c.values(bin); len(got) != 1 || got[0]["id"] != policy["id"] {
		t.Errorf("bin: %v", got)
	}
	c.refuses(404, "Request_ResourceNotFound", "", "GET", "/directory/deletedItems/"+policy["id"].(string), "")
	c.expect(http.StatusOK, "POST", bin+"/"+policy["id"].(string)+"/restore", "")
	if after := c.do("GET", path, "").text; after != before {
		t.Errorf("restored policy differs:\n%s\n%s", before, after)
	}
}

func TestHardDeletes(t *testing.T) {
	c := serve(t, Options{Seed: "empty"})
	app := "/applications/" + c.create("/applications", `{"displayName":"A"}`)
	credential := app + "/federatedIdentityCredentials/" + c.create(app+"/federatedIdentityCredentials", `{"name":"ci","issuer":"i","subject":"s","audiences":["a"]}`)
	c.expect(http.StatusNoContent, "DELETE", credential, "")
	c.refuses(404, "Request_ResourceNotFound", "", "GET", credential, "")
	if n := len(c.server.store.deleted); n != 0 {
		t.Errorf("%d objects in the bin", n)
	}
}
