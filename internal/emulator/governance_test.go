package emulator

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

func TestCatalogResourcesComeAndGoByRequest(t *testing.T) {
	c := serve(t, Options{})
	contoso := seeded(c.server.TenantID())
	const requests = "/identityGovernance/entitlementManagement/resourceRequests"
	catalog, group := contoso.id("catalogs", "labs"), contoso.id("groups", "ca-pilot")
	request := func(action, origin string) string {
		return `{"requestType":"` + action + `","catalog":{"id":"` + catalog + `"},"resource":{"originId":"` + origin + `","originSystem":"AadGroup"}}`
	}
	resources := catalogsPath + "/" + catalog + "/resources"
	c.expect(http.StatusCreated, "POST", requests, request("adminAdd", group))
	c.refuses(400, "ResourceAlreadyOnboarded", "", "POST", requests, request("adminAdd", group))
	c.refuses(400, "ResourceNotFoundInOriginSystem", "", "POST", requests, request("adminAdd", "11111111-2222-3333-4444-555555555555"))
	if n := len(c.values(resources)); n != 2 {
		t.Errorf("%d resources", n)
	}
	pack := packagesPath + "/" + contoso.id("accessPackages", "labs") + "/resourceRoleScopes"
	resource := ""
	for _, r := range c.values(resources) {
		if r["originId"] == group {
			resource = r["id"].(string)
		}
	}
	gives := `{"role":{"originId":"Member_` + group + `","originSystem":"AadGroup","displayName":"Member","resource":{"id":"` + resource + `"}},"scope":{"originId":"` + group + `","originSystem":"AadGroup","isRootScope":true}}`
	c.refuses(400, "ResourceNotFound", "catalog", "POST", pack, strings.ReplaceAll(gives, group, contoso.id("groups", "ca-travel")))
	c.refuses(400, "InvalidModel", "name its resource", "POST", pack, strings.Replace(gives, resource, "", 1))
	made := c.expect(http.StatusCreated, "POST", pack, gives)
	c.refuses(409, "Request_MultipleObjectsWithSameKeyValue", "", "POST", pack, gives)
	c.refuses(400, "ResourceInUse", "", "POST", requests, request("adminRemove", group))
	if listed := c.values(pack + "?$expand=role,scope"); len(listed) != 1 || at(listed[0], "scope.originId") != group {
		t.Errorf("resourceRoleScopes: %v", listed)
	}
	if c.values(pack)[0]["role"] != nil {
		t.Error("role comes without $expand")
	}
	c.expect(http.StatusNoContent, "DELETE", pack+"/"+made["id"].(string), "")
	c.expect(http.StatusCreated, "POST", requests, request("adminRemove", group))
	if n := len(c.values(resources)); n != 1 {
		t.Errorf("%d resources are left", n)
	}
	c.refuses(400, "CatalogHasAccessPackages", "", "DELETE", catalogsPath+"/"+catalog, "")
	c.refuses(400, "CatalogNotDeletable", "", "DELETE", catalogsPath+"/"+contoso.id("catalogs", "general"), "")
}

func TestAccessPackagesNeedTheirCatalog(t *testing.T) {
	c := serve(t, Options{})
	contoso := seeded(c.server.TenantID())
	c.refuses(400, "BadRequest", "catalog", "POST", packagesPath, `{"displayName":"P"}`)
	c.refuses(404, "Request_ResourceNotFound", "nowhere", "POST", packagesPath, `{"displayName":"P","catalog":{"id":"nowhere"}}`)
	made := c.expect(http.StatusCreated, "POST", packagesPath, `{"displayName":"P","catalog":{"id":"`+contoso.id("catalogs", "sales")+`"}}`)
	if made["catalog"] != nil {
		t.Errorf("catalog comes without $expand: %v", made["catalog"])
	}
	path := packagesPath + "/" + made["id"].(string)
	if name := at(c.get(path+"?$expand=catalog"), "catalog.displayName"); name != "Sales" {
		t.Errorf("catalog: %v", name)
	}
	other := contoso.id("accessPackages", "auditor")
	c.expect(http.StatusNoContent, "POST", path+"/incompatibleAccessPackages/$ref", `{"@odata.id":"`+c.url+packagesPath+`/`+other+`"}`)
	if list := c.values(path + "/incompatibleAccessPackages"); len(list) != 1 || list[0]["displayName"] != "Auditor" {
		t.Errorf("incompatible: %v", list)
	}
	c.expect(http.StatusNoContent, "DELETE", path+"/incompatibleAccessPackages/"+other+"/$ref", "")
}

func TestAssignmentPoliciesAreReplaced(t *testing.T) {
	c := serve(t, Options{})
	contoso := seeded(c.server.TenantID())
	path := assignmentPoliciesPath + "/" + contoso.id("assignmentPolicies", "staff")
	c.refuses(405, "Request_BadRequest", "", "PATCH", path, `{"displayName":"x"}`)
	c.refuses(400, "SubjectNotFound", "", "PUT", path, `{"displayName":"x","allowedTargetScope":"specificDirectoryUsers","specificAllowedTargets":[
		{"@odata.type":"#microsoft.graph.singleUser","userId":"11111111-2222-3333-4444-555555555555"}]}`)
	c.expect(http.StatusNoContent, "PUT", path, `{"displayName":"x","allowedTargetScope":"notSpecified"}`)
	now := c.get(path + "?$expand=accessPackage")
	if now["displayName"] != "x" || len(asList(now["questions"])) != 0 || at(now, "accessPackage.displayName") != "Sales representative" {
		t.Errorf("after PUT: %v", now)
	}
}

func TestWorkflowsChangeByVersion(t *testing.T) {
	c := serve(t, Options{})
	contoso := seeded(c.server.TenantID())
	path := workflowsPath + "/" + contoso.id("workflows", "leaver")
	before := c.get(path)
	for _, w := range c.values(workflowsPath) {
		if w["tasks"] != nil {
			t.Fatal("tasks come with the list")
		}
	}
	c.refuses(400, "Request_BadRequest", "tasks", "PATCH", path, `{"tasks":[]}`)
	made := c.expect(http.StatusCreated, "POST", path+"/microsoft.graph.identityGovernance.createNewVersion", `{"workflow":{
		"category":"leaver","displayName":"Leaver","description":"d","isEnabled":true,"isSchedulingEnabled":false,
		"executionConditions":{"@odata.type":"#microsoft.graph.identityGovernance.onDemandExecutionOnly"},
		"tasks":[{"taskDefinitionId":"1dfdfcc7-52fa-4c2e-bf3a-e3919cc12950","displayName":"Disable","category":"leaver","isEnabled":true,"continueOnError":false,"executionSequence":1,"arguments":[]}]}}`)
	if made["id"] != before["id"] || made["version"] != json.Number("3") {
		t.Errorf("version: %v", made["version"])
	}
	if tasks := asList(c.get(path)["tasks"]); len(tasks) != 1 || field(tasks[0], "id") == nil {
		t.Errorf("tasks: %v", tasks)
	}
	extension := extensionsPath + "/" + contoso.id("customTaskExtensions", "badge")
	c.refuses(400, "BadRequest", "used by the workflow", "DELETE", extension, "")
	c.expect(http.StatusNoContent, "DELETE", path, "")
	c.expect(http.StatusOK, "POST", "/identityGovernance/lifecycleWorkflows/deletedItems/workflows/"+before["id"].(string)+"/restore", "")
	c.get(path)
}

func TestWhatOnlyPeopleMayRead(t *testing.T) {
	c := serve(t, Options{})
	for path, code := range map[string]string{
		"/agreements": "UnauthorizedAccess", "/policies/featureRolloutPolicies": "Authorization_RequestDenied",
		"/directory/onPremisesSynchronization": "Authorization_RequestDenied",
	} {
		c.refuses(403, code, "", "GET", path, "")
		person := c.with("Authorization", "Bearer e30."+encodeClaims(`{"upn":"ada@contoso.com","oid":"1"}`)+".x")
		if list := person.values(path); len(list) != 1 {
			t.Errorf("%s: %d objects", path, len(list))
		}
	}
}
