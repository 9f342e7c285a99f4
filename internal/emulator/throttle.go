package emulator

import (
	"math"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// throttle applies the limits of Microsoft's page "Microsoft Graph service-specific
// throttling limits": resource units and writes for the directory, a number of requests for the
// logs, and one request per second for Conditional Access, which alone says nothing about when to
// retry.
type throttle struct {
	mu     sync.Mutex
	now    func() time.Time
	units  bucket
	writes bucket
	access bucket
	// reports is for the logs: 5 requests in 10 seconds for an application in a tenant.
	reports bucket
}

// bucket is a token bucket.
type bucket struct {
	size   float64
	period time.Duration // in which an empty bucket fills
	left   float64
	at     time.Time
}

// Quotas per application and tenant.
const (
	unitPeriod  = 10 * time.Second
	writeQuota  = 3000
	writePeriod = 150 * time.Second
	reportQuota = 5
)

// unitQuota is the resource units per period of a tenant with that many users.
func unitQuota(users int) float64 {
	switch {
	case users < 50:
		return 3500
	case users <= 500:
		return 5000
	}
	return 8000
}

func newThrottle(users int, now func() time.Time) *throttle {
	fill := func(size float64, period time.Duration) bucket {
		return bucket{size: size, period: period, left: size, at: now()}
	}
	return &throttle{
		now:     now,
		units:   fill(unitQuota(users), unitPeriod),
		writes:  fill(writeQuota, writePeriod),
		access:  fill(1, time.Second),
		reports: fill(reportQuota, unitPeriod),
	}
}

// wait refills the bucket and returns how long it takes until it holds n.
func (b *bucket) wait(now time.Time, n float64) time.Duration {
	b.left = min(b.size, b.left+b.size*float64(now.Sub(b.at))/float64(b.period))
	b.at = now
	if b.left >= n {
		return 0
	}
	return time.Duration((n - b.left) / b.size * float64(b.period))
}

var accessPattern = regexp.MustCompile(`(?i)^/identity/conditionalAccess/|^/identityProtection/`)

// reportPattern is what the limits of "identity and access reports" are about.
var reportPattern = regexp.MustCompile(`(?i)^/auditLogs/`)

// admit takes a request out of the quotas, or refuses it. The header goes with the
// answer in either case.
func (t *throttle) admit(req *request) (*apiError, http.Header) {
	header := make(http.Header)
	if strings.EqualFold(req.path, "/$batch") {
		return nil, header // its items are counted
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	refusal := &apiError{status: http.StatusTooManyRequests, code: "TooManyRequests", message: "Too many requests."}
	if accessPattern.MatchString(req.path) {
		if t.access.wait(now, 1) > 0 {
			return refusal, header
		}
		t.access.left--
		return nil, header
	}
	if reportPattern.MatchString(req.path) {
		if wait := t.reports.wait(now, 1); wait > 0 {
			header.Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
			return refusal, header
		}
		t.reports.left--
		return nil, header
	}
	cost, kind := float64(unitCost(req)), "Read"
	wait := t.units.wait(now, cost)
	reason := "ResourceUnitLimitExceeded"
	if req.isWrite() {
		kind = "Write"
		if w := t.writes.wait(now, 1); w > wait {
			wait, reason = w, "WriteLimitExceeded"
		}
	}
	header.Set("x-ms-resource-unit", strconv.Itoa(int(cost)))
	if wait > 0 {
		header.Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
		header.Set("x-ms-throttle-scope", "Tenant_Application/"+kind+"/"+req.caller.appID+"/")
		header.Set("x-ms-throttle-information", reason)
		return refusal, header
	}
	t.units.left -= cost
	if req.isWrite() {
		t.writes.left--
	}
	if used := 1 - t.units.left/t.units.size; used > 0.8 {
		header.Set("x-ms-throttle-limit-percentage", strconv.FormatFloat(used, 'f', 2, 64))
	}
	return nil, header
}

// unitCosts are the base costs in resource units of what does not cost 1.
var unitCosts = []struct {
	method  string
	pattern *regexp.Regexp
	units   int
}{
	{"GET", regexp.MustCompile(`(?i)^/applications(/[^/]+/extensionProperties)?$`), 2},
	{"GET", regexp.MustCompile(`(?i)^/contracts$`), 3},
	{"POST", regexp.MustCompile(`(?i)^/directoryObjects/(microsoft\.graph\.)?getByIds$`), 5},
	{"GET", regexp.MustCompile(`(?i)^/domains/[^/]+/domainNameReferences$`), 4},
	{"GET", regexp.MustCompile(`(?i)^/groups/[^/]+/members$`), 3},
	{"GET", regexp.MustCompile(`(?i)^/groups/[^/]+/transitiveMembers$`), 5},
	{"POST", regexp.MustCompile(`(?i)/(checkMember(Groups|Objects)|isMemberOf)$`), 4},
	{"POST", regexp.MustCompile(`(?i)/getMember(Groups|Objects)$`), 2},
	{"GET", regexp.MustCompile(`(?i)^/(me|users/[^/]+)/(licenseDetails|memberOf|ownedObjects|transitiveMemberOf)$`), 2},
	{"GET", regexp.MustCompile(`(?i)^/oauth2PermissionGrants(/[^/]+)?$`), 2},
	{"GET", regexp.MustCompile(`(?i)^/servicePrincipals/[^/]+/appRoleAssignments$`), 2},
	{"GET", regexp.MustCompile(`(?i)^/subscribedSkus$`), 3},
	{"GET", regexp.MustCompile(`(?i)^/users$`), 2},
}

// unitCost returns what a request costs: its base cost, less for $select and a small $top,
// more for $expand, at least 1.
func unitCost(req *request) int {
	cost := 1
	for _, c := range unitCosts {
		if c.method == req.method && c.pattern.MatchString(req.path) {
			cost = c.units
			break
		}
	}
	if _, ok := req.option("select"); ok {
		cost--
		if c := "getbyids"; strings.HasSuffix(fold(req.path), c) {
			cost = 2
		}
	}
	if _, ok := req.option("expand"); ok {
		cost++
	}
	if value, ok := req.option("top"); ok {
		if n, err := strconv.Atoi(value); err == nil && n < 20 {
			cost--
		}
	}
	return max(cost, 1)
}
