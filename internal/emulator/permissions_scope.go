package emulator

import "strings"

// groupScope is what the table of permissions puts after a path for those of its objects that are
// about groups.
const groupScope = "(group)"

// ofGroups marks a request for the policies of PIM for groups, which takes permissions of its own:
// the pages "List roleManagementPolicies" and "Update unifiedRoleManagementPolicyRule" have a table
// for each.
func ofGroups(req *request, path []string) []string {
	if len(path) < 2 || path[0] != "policies" || !strings.HasPrefix(path[1], "rolemanagementpolic") {
		return path
	}
	filter, _ := req.option("filter")
	if len(path) > 2 && strings.HasPrefix(path[2], "group_") || strings.Contains(fold(filter), "scopetype eq 'group'") {
		path[1] += groupScope
	}
	return path
}
