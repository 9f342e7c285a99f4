package emulator

import (
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Microsoft generates its SDK from the same metadata as Graph's reference, one builder per
// address with a function per method. So the SDK is a judge of every request that the emulator
// takes: a path, an action or a method that somebody misspelt here is not there.
func TestEveryWriteIsOneOfMicrosofts(t *testing.T) {
	known := sdkRequests(t)
	for _, r := range allResources {
		for _, request := range r.writes() {
			if _, known := known[request]; !known && notInSDK[request] == "" {
				t.Errorf("%s is no request of Microsoft Graph", request)
			}
		}
	}
	for request := range notInSDK {
		if known[request] {
			t.Errorf("%s is a request of the SDK now: remove it from the exceptions", request)
		}
	}
}

// notInSDK are requests that the reference documents and the metadata lacks, by the reference's
// page (learn.microsoft.com/graph/api/PAGE).
var notInSDK = map[string]string{
	"POST /users/*/sponsors/$ref":                          "user-post-sponsors",
	"DELETE /users/*/sponsors/*/$ref":                      "user-delete-sponsors",
	"POST /servicePrincipals/*/appManagementPolicies/$ref": "appmanagementpolicy-post-appliesto",

	"DELETE /servicePrincipals/*/appManagementPolicies/*/$ref": "appmanagementpolicy-delete-appliesto",

	"DELETE /identity/conditionalAccess/deletedItems/policies/*":                 "conditionalaccesspolicy-delete",
	"POST /identity/conditionalAccess/deletedItems/policies/*/restore":           "policydeletableitem-restore",
	"DELETE /identity/conditionalAccess/deletedItems/namedLocations/*":           "namedlocation-delete",
	"POST /identity/conditionalAccess/deletedItems/namedLocations/*/restore":     "policydeletableitem-restore",
	"POST /directory/federationConfigurations/*/domains":                         "samlorwsfedexternaldomainfederation-post-domains",
	"DELETE /directory/federationConfigurations/*/domains/*":                     "externaldomainname-delete",
	"PUT /policies/adminConsentRequestPolicy":                                    "adminconsentrequestpolicy-update",
	"PATCH /policies/crossTenantAccessPolicy/partners/*/identitySynchronization": "crosstenantidentitysyncpolicypartner-update",
}

// writes lists the requests by which the resource's objects can be changed: "PATCH /users/*".
func (r *resource) writes() []string {
	if r.delegatedOnly {
		return nil
	}
	item := r.path + "/*"
	if r.singleton {
		item = r.path
	}
	var all []string
	allow := func(method, path string) {
		if !r.denies(method) {
			all = append(all, method+" "+path)
		}
	}
	if r.source == nil {
		if !r.singleton {
			allow("POST", r.path)
		}
		allow("PATCH", item)
	}
	if r.put {
		allow("PUT", item)
	}
	if (!r.singleton || r.optional) && (r.source == nil || r.source.bin) {
		allow("DELETE", item)
	}
	for _, l := range r.links {
		path := item + "/" + l.name
		switch {
		case l.readOnly:
		case l.single:
			all = append(all, "PUT "+path+"/$ref", "DELETE "+path+"/$ref")
		default:
			all = append(all, "POST "+path+"/$ref", "DELETE "+path+"/*/$ref")
		}
	}
	for name := range r.actions {
		all = append(all, "POST "+item+"/"+name)
	}
	for name := range r.listActions {
		all = append(all, "POST "+r.path+"/"+name)
	}
	return all
}

var (
	sdkTemplate  = regexp.MustCompile(`"\{\+baseurl\}(/[^"]*)"`)
	sdkMethod    = regexp.MustCompile(`\) To(Get|Post|Patch|Put|Delete)RequestInformation\(`)
	sdkNamespace = regexp.MustCompile(`/microsoft\.graph\.(\w+\.)*`)
	sdkParameter = regexp.MustCompile(`\{[^}]*\}`)
)

// sdkRequests reads the SDK's builders: "PATCH /users/*".
func sdkRequests(t *testing.T) map[string]bool {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/microsoftgraph/msgraph-sdk-go").Output()
	if err != nil {
		t.Fatal(err)
	}
	root := strings.TrimSpace(string(out))
	known := make(map[string]bool)
	for _, family := range sdkFamilies() {
		err := filepath.WalkDir(filepath.Join(root, family), func(name string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(name, ".go") {
				return err
			}
			text, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			path := sdkTemplate.FindSubmatch(text)
			if path == nil {
				return nil
			}
			address, _, _ := strings.Cut(string(path[1]), "{?")
			address, _, _ = strings.Cut(address, "?")
			address, err = url.PathUnescape(sdkParameter.ReplaceAllString(address, "*"))
			address = sdkNamespace.ReplaceAllString(address, "/")
			for _, method := range sdkMethod.FindAllSubmatch(text, -1) {
				known[strings.ToUpper(string(method[1]))+" "+address] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return known
}

// sdkFamilies are the SDK's folders for the resources' first segments.
func sdkFamilies() []string {
	var names []string
	for _, r := range allResources {
		first, _, _ := strings.Cut(strings.TrimPrefix(r.path, "/"), "/")
		names = append(names, strings.ToLower(first))
	}
	slices.Sort(names)
	return slices.Compact(names)
}
