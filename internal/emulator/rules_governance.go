package emulator

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// checkCatalog applies the rules of a catalog.
func checkCatalog(w *write) *apiError {
	if w.after != nil {
		return nil
	}
	if w.before["catalogType"] == "serviceDefault" {
		return badRoleRequest("CatalogNotDeletable", "The catalog of the service cannot be deleted.")
	}
	for _, e := range w.store.list(packagesPath) {
		if at(e.body, "catalog.id") == w.id {
			return badRoleRequest("CatalogHasAccessPackages", "The catalog has access packages and cannot be deleted.")
		}
	}
	return nil
}

// prepareResourceRequest refuses a request about a resource that cannot be carried out.
func prepareResourceRequest(w *write) *apiError {
	catalog := textOf(at(w.after, "catalog.id"))
	if w.store.get(catalogsPath, catalog) == nil {
		return notFound(catalog)
	}
	system, origin := at(w.after, "resource.originSystem"), textOf(at(w.after, "resource.originId"))
	existing := w.store.catalogResource(catalog, w.after["resource"])
	if existing != nil {
		origin = textOf(existing.body["originId"])
	}
	switch {
	case w.after["requestType"] == "adminAdd" && existing != nil:
		return badRoleRequest("ResourceAlreadyOnboarded", "The resource is in the catalog already.")
	case w.after["requestType"] == "adminAdd" && system != "SharePointOnline" && w.store.directory[fold(origin)] == nil:
		return badRoleRequest("ResourceNotFoundInOriginSystem", "The resource is not found in the origin system.")
	case w.after["requestType"] == "adminRemove" && existing == nil:
		return badRoleRequest("ResourceNotFound", "The resource is not in the catalog.")
	case w.after["requestType"] == "adminRemove" && w.store.resourceInUse(catalog, origin):
		return errResourceInUse
	}
	w.after["state"] = "delivered"
	return nil
}

// catalogResource returns a resource of a catalog by its id or by where it comes from, or
// nil.
func (s *store) catalogResource(catalog string, resource any) *entry {
	path := catalogsPath + "/" + catalog + "/resources"
	if id := textOf(field(resource, "id")); id != "" {
		return s.get(path, id)
	}
	for _, e := range s.list(path) {
		if e.body["originSystem"] == field(resource, "originSystem") && e.body["originId"] == field(resource, "originId") {
			return e
		}
	}
	return nil
}

// checkResourceUnused keeps a resource in its catalog while an access package gives it.
func checkResourceUnused(w *write) *apiError {
	catalog := strings.TrimSuffix(strings.TrimPrefix(w.path, catalogsPath+"/"), "/resources")
	if w.after == nil && w.store.resourceInUse(catalog, textOf(w.before["originId"])) {
		return errResourceInUse
	}
	return nil
}

var errResourceInUse = badRoleRequest("ResourceInUse", "The resource is used by an access package and cannot be removed.")

// resourceInUse reports whether an access package of the catalog gives a role of the
// resource.
func (s *store) resourceInUse(catalog, origin string) bool {
	for _, p := range s.list(packagesPath) {
		if at(p.body, "catalog.id") != catalog {
			continue
		}
		for _, e := range s.list(packagesPath + "/" + p.id + "/resourceRoleScopes") {
			if at(e.body, "scope.originId") == origin {
				return true
			}
		}
	}
	return false
}

// carryOutResourceRequest adds a resource to a catalog or removes it.
func carryOutResourceRequest(w *write) {
	s := w.store
	catalog, origin := textOf(at(w.after, "catalog.id")), textOf(at(w.after, "resource.originId"))
	path := catalogsPath + "/" + catalog + "/resources"
	existing := s.catalogResource(catalog, w.after["resource"])
	switch w.after["requestType"] {
	case "adminAdd":
		now := s.timestamp()
		body := object{"id": w.id, "createdDateTime": now, "modifiedDateTime": now, "attributes": []any{}, "displayName": origin}
		maps.Copy(body, w.after["resource"].(object))
		if e := s.directory[fold(origin)]; e != nil {
			body["displayName"], body["description"] = e.body["displayName"], e.body["description"]
		}
		body["id"] = w.id
		s.mustPut(path, body)
	case "adminRemove":
		s.take(existing)
	}
}

// packagesIncompatibleWith is the view of the packages that name this one.
func packagesIncompatibleWith() view {
	v := linkedBy("accessPackagesIncompatibleWith", "incompatibleAccessPackages")
	v.typ = "accessPackage"
	return v
}

// checkEntitlementRole applies the rules of a role in entitlement management.
func checkEntitlementRole(w *write) *apiError {
	if w.after == nil {
		return nil
	}
	role, scope := textOf(w.after["roleDefinitionId"]), textOf(w.after["appScopeId"])
	catalog, isCatalog := strings.CutPrefix(scope, "/AccessPackageCatalog/")
	switch {
	case w.store.directory[fold(textOf(w.after["principalId"]))] == nil:
		return notFound(textOf(w.after["principalId"]))
	case w.store.get(entitlementRolesPath, role) == nil:
		return notFound(role)
	case isCatalog && w.store.get(catalogsPath, catalog) == nil, !isCatalog && scope != "/":
		return notFound(scope)
	}
	for _, e := range w.store.list(w.path) {
		if sameRole(e.body, w.after) && e.body["appScopeId"] == scope {
			return directoryError("A conflicting object with one or more of the specified property values is present in the directory.")
		}
	}
	return nil
}

// removePolicies deletes the policies of an access package with it.
func removePolicies(w *write) {
	if w.after != nil {
		return
	}
	for _, e := range slices.Clone(w.store.list(assignmentPoliciesPath)) {
		if at(e.body, "accessPackage.id") == w.id {
			w.store.take(e)
		}
	}
}

// roleScopeKey makes the id of a resource's role at a scope in a package: both ids.
func roleScopeKey(w *write) string {
	id := func(part string) string {
		return w.store.newID(part, w.path, textOf(at(w.sent, part+".originSystem")), textOf(at(w.sent, part+".originId")))
	}
	return id("role") + "_" + id("scope")
}

// prepareRoleScope requires the resource to be in the package's catalog.
func prepareRoleScope(w *write) *apiError {
	owner := w.owner()
	if owner == nil {
		return notFound(lastSegment(ownerPath(w.path)))
	}
	catalog := textOf(at(owner.body, "catalog.id"))
	from := object{"originSystem": at(w.after, "scope.originSystem"), "originId": at(w.after, "scope.originId")}
	resource := w.store.catalogResource(catalog, from)
	switch {
	case resource == nil:
		return badRoleRequest("ResourceNotFound", "The resource of the role is not in the catalog of the access package.")
	case at(w.sent, "role.resource.id") != resource.id: // every example of "Create resourceRoleScope" names it
		return badRoleRequest("InvalidModel", "The role must name its resource by the id that this has in the catalog.")
	}
	ids := strings.Split(w.id, "_")
	for i, part := range []string{"role", "scope"} {
		body := maps.Clone(w.after[part].(object))
		delete(body, "resource")
		body["id"] = ids[i]
		if part == "scope" && body["displayName"] == nil {
			body["displayName"], body["description"] = "Root", "Root Scope"
		}
		w.after[part] = body
	}
	return nil
}

// prepareQuestions gives the questions of an assignment policy their ids.
func prepareQuestions(w *write) *apiError {
	for _, name := range []string{"questions", "customExtensionStageSettings"} {
		values, ok := w.after[name].([]any)
		if !ok {
			continue
		}
		w.after[name] = withIDs(values, func(i int) string { return w.store.newID(name, w.id, strconv.Itoa(i)) })
	}
	return nil
}

// withIDs returns objects with an id for each that has none.
func withIDs(values []any, id func(int) string) []any {
	out := make([]any, len(values))
	for i, v := range values {
		body, ok := v.(object)
		if ok && textOf(body["id"]) == "" {
			body = maps.Clone(body)
			body["id"] = id(i)
			v = body
		}
		out[i] = v
	}
	return out
}

// prepareTasks gives the tasks of a workflow their ids: others in each version.
func prepareTasks(w *write) *apiError {
	if tasks, ok := w.after["tasks"].([]any); ok {
		version := string(w.after["version"].(json.Number))
		w.after["tasks"] = withIDs(tasks, func(i int) string { return w.store.newID("task", w.id, version, strconv.Itoa(i)) })
	}
	return nil
}

// workflowLimit is how many workflows a tenant can have.
const workflowLimit = 100

// checkWorkflow applies the rules of a lifecycle workflow.
func checkWorkflow(w *write) *apiError {
	if w.after == nil {
		return nil
	}
	if w.before == nil && len(w.store.list(w.path)) >= workflowLimit {
		return badRequest("A tenant can have at most %d workflows.", workflowLimit)
	}
	tasks := asList(w.after["tasks"])
	if len(tasks) == 0 {
		return badRequest("A workflow needs at least one task.")
	}
	for _, task := range tasks {
		if field(task, "taskDefinitionId") == nil || field(task, "displayName") == nil {
			return badRequest("A task needs taskDefinitionId and displayName.")
		}
		for _, argument := range asList(field(task, "arguments")) {
			if field(argument, "name") == "customTaskExtensionID" && w.store.get(extensionsPath, textOf(field(argument, "value"))) == nil {
				return badRequest("The custom task extension '%v' does not exist.", field(argument, "value"))
			}
		}
	}
	for _, e := range w.store.list(w.path) {
		if e.id != w.id && e.body["displayName"] == w.after["displayName"] {
			return badRequest("A workflow with the same display name exists.")
		}
	}
	return checkNotEmpty(w, "Workflow", "displayName")
}

// checkExtensionUnused refuses to delete an extension that a workflow runs.
func checkExtensionUnused(w *write) *apiError {
	if w.after != nil {
		return nil
	}
	for _, e := range w.store.list(workflowsPath) {
		for _, value := range valuesAt(e.body["tasks"], []string{"arguments", "value"}) {
			if value == w.id {
				return badRequest("The custom task extension is used by the workflow '%s'.", e.id)
			}
		}
	}
	return nil
}

// createNewVersion answers the only way to change the tasks and conditions of a workflow.
func createNewVersion(s *Server, req *request, t *target) (*response, *apiError) {
	if req.method != http.MethodPost {
		return nil, methodNotAllowed(req.method)
	}
	body, err := req.object()
	if err != nil {
		return nil, err
	}
	workflow, ok := body["workflow"].(object)
	if !ok {
		return nil, badRequest("The body must hold a workflow.")
	}
	w := &write{
		store: s.store, caller: req.caller, resource: t.resource,
		path: t.path, id: t.item.id, typ: t.item.typ, before: t.item.body,
	}
	if err := w.receiveBody(workflow); err != nil {
		return nil, err
	}
	for _, name := range t.resource.required {
		if w.sent[name] == nil {
			return nil, badRequest("A value is required for property '%s'.", name)
		}
	}
	if w.sent["category"] != w.before["category"] {
		return nil, badRequest("The category of a workflow cannot be changed.")
	}
	w.after = w.merged()
	version, _ := w.before["version"].(json.Number)
	n, _ := version.Int64()
	w.after["version"] = json.Number(strconv.FormatInt(n+1, 10))
	w.stamp()
	if err := w.complete(); err != nil {
		return nil, err
	}
	e, err := s.commit(w)
	if err != nil {
		return nil, err
	}
	return s.created(req, e), nil
}
