package canon

import (
	"fmt"
	"testing"
	"time"

	"sigs.k8s.io/yaml"

	"github.com/entragit/entragit/internal/kind"
)

// userKind is a kind with a rule of each sort that users have.
var userKind = &kind.Kind{
	Name: "users", Bulk: true,
	Shape: kind.Shape{
		Update: []string{
			"accountEnabled", "ageGroup", "businessPhones", "city", "companyName", "country", "department",
			"displayName", "employeeId", "employeeType", "faxNumber", "givenName", "jobTitle", "mail",
			"mailNickname", "mobilePhone", "officeLocation", "onPremisesExtensionAttributes", "otherMails",
			"passwordPolicies", "postalCode", "preferredLanguage", "state", "streetAddress", "surname",
			"usageLocation", "userPrincipalName", "userType",
		},
		Drop:    []string{"signInSessionsValidFromDateTime", "assignedPlans[].assignedDateTime"},
		Sets:    map[string]string{"businessPhones": "", "otherMails": "", "proxyAddresses": "", "identities": "signInType+issuer"},
		Strings: map[string]string{"passwordPolicies": ","},
		Dates:   []string{"createdDateTime", "employeeHireDate"},
	},
}

// user40 is a user with 40 properties, as Graph answers.
const user40 = `{
  "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users/$entity",
  "id": "87d349ed-44d7-43e1-9a83-5f2406dee5bd",
  "businessPhones": ["+1 425 555 0109", "+1 425 555 0100"],
  "displayName": "Adele Vance", "givenName": "Adele", "jobTitle": "Product Marketing Manager",
  "mail": "AdeleV@contoso.com", "mobilePhone": "+1 425 555 0101", "officeLocation": "18/2111",
  "preferredLanguage": "en-US", "surname": "Vance", "userPrincipalName": "AdeleV@contoso.com",
  "accountEnabled": true, "ageGroup": null, "city": "Bellevue", "companyName": "Contoso",
  "country": "United States", "createdDateTime": "2021-03-04T05:06:07.0000000Z",
  "creationType": null, "department": "Retail", "employeeHireDate": "2021-03-01T00:00:00Z",
  "employeeId": "0012345", "employeeType": "Employee", "externalUserState": null,
  "faxNumber": "+1 425 555 0102", "imAddresses": ["adelev@contoso.com"], "mailNickname": "AdeleV",
  "onPremisesSyncEnabled": null, "otherMails": ["adele@fabrikam.com", "a.vance@fabrikam.com"],
  "passwordPolicies": "DisableStrongPassword, DisablePasswordExpiration", "postalCode": "98004",
  "proxyAddresses": ["SMTP:AdeleV@contoso.com", "smtp:adele@contoso.com"],
  "securityIdentifier": "S-1-12-1-2278771181-1138836695-613385114-3185794566",
  "showInAddressList": null, "state": "WA", "streetAddress": "205 108th Ave. NE, Suite 400",
  "usageLocation": "US", "userType": "Member", "signInSessionsValidFromDateTime": "2021-03-04T05:06:07Z",
  "identities": [{"signInType": "userPrincipalName", "issuer": "contoso.onmicrosoft.com",
    "issuerAssignedId": "AdeleV@contoso.com"}],
  "onPremisesExtensionAttributes": {"extensionAttribute1": "cost centre 4711", "extensionAttribute2": null}
}`

func BenchmarkEncode(b *testing.B) {
	b.ReportAllocs()
	b.SetBytes(int64(len(user40)))
	var e Encoder
	for b.Loop() {
		if _, err := e.Encode(userKind, Raw{Body: []byte(user40)}, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	var e Encoder
	out, err := e.Encode(userKind, Raw{Body: []byte(user40)}, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.SetBytes(int64(len(out.YAML)))
	for b.Loop() {
		if _, err := Decode(userKind, "user.yaml", out.YAML); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkGoalEncode compares the encoder with sigs.k8s.io/yaml on the same object and
// prints one line for "make bench". The two take turns and the best turn of each
// counts, because whatever else the machine does can only make one slower.
func BenchmarkGoalEncode(b *testing.B) {
	body := []byte(user40)
	var e Encoder
	ours, theirs := time.Hour, time.Hour
	for range 40 {
		ours = min(ours, turn(b, func() error {
			_, err := e.Encode(userKind, Raw{Body: body}, nil)
			return err
		}))
		theirs = min(theirs, turn(b, func() error {
			_, err := yaml.JSONToYAML(body)
			return err
		}))
	}
	verdict := "short"
	ratio := float64(theirs) / float64(ours)
	if ratio >= 10 {
		verdict = "ok"
	}
	fmt.Printf("\nbench: canon: times faster than sigs.k8s.io/yaml\t%.1f\t>= 10\t%s\n", ratio, verdict)
}

// turn returns how long a number of calls takes, long enough for the garbage collector
// to have its share.
func turn(b *testing.B, call func() error) time.Duration {
	start := time.Now()
	for range 50 {
		if err := call(); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(start)
}
