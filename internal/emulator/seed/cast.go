package seed

import "slices"

// castMember is an account that other families of the seed call by its key.
type castMember struct {
	key string
	// display, given and family are the names; alias is the local part of the
	// addresses.
	display, given, family, alias string
	title, department             string
	// manager is another member's key.
	manager string
	// office is an index into the cultures.
	office int
	use    accountUse
	// extra overrides the body.
	extra object
}

// accountUse is what an account is for.
type accountUse int

const (
	useEmployee   accountUse = iota
	useBreakGlass            // emergency access, outside every policy
	useService               // signs in without a person
	useAdmin                 // a person's second account
	useRoom                  // a mailbox with a door
	useGuest
)

// departments lists each department with the key of the executive that leads it.
var departments = [...]struct{ name, head, division, titles string }{
	{"Finance", "cfo", "Corporate", "Controller|Accountant|Treasury Analyst|Payroll Specialist"},
	{"Engineering", "cto", "Products", "Principal Engineer|Software Engineer|Site Reliability Engineer|Test Engineer"},
	{"Sales", "cso", "Field", "Account Executive|Solution Consultant|Inside Sales|Partner Manager"},
	{"Marketing", "cmo", "Field", "Brand Manager|Content Editor|Campaign Analyst|Event Planner"},
	{"Human Resources", "chro", "Corporate", "HR Partner|Recruiter|Learning Coordinator|Benefits Analyst"},
	{"Information Technology", "cio", "Corporate", "Identity Engineer|Helpdesk Analyst|Network Engineer|Security Analyst"},
	{"Operations", "coo", "Products", "Plant Manager|Logistics Planner|Quality Inspector|Buyer"},
	{"Legal & Compliance", "clo", "Corporate", "Counsel|Paralegal|Privacy Officer|Auditor"},
}

// cast returns the accounts that the seed refers to by name.
func cast() []castMember { return slices.Concat(castPeople(), castAccounts()) }

func castPeople() []castMember {
	return []castMember{
		{key: "ceo", display: "Helena Brandt", given: "Helena", family: "Brandt", alias: "helena.brandt", title: "Chief Executive Officer", office: 0},
		{key: "cfo", display: "Oluwaseun Adéyẹmí", given: "Oluwaseun", family: "Adéyẹmí", alias: "oluwaseun.adeyemi", title: "Chief Financial Officer", department: "Finance", manager: "ceo", office: 0},
		{key: "cto", display: "Siobhán O'Rourke", given: "Siobhán", family: "O'Rourke", alias: "siobhan.orourke", title: "Chief Technology Officer", department: "Engineering", manager: "ceo", office: 4},
		{key: "cso", display: "Diego Fernández-Ruiz", given: "Diego", family: "Fernández-Ruiz", alias: "diego.fernandez-ruiz", title: "Chief Sales Officer", department: "Sales", manager: "ceo", office: 6},
		{key: "cmo", display: "Chloé d'Estaing", given: "Chloé", family: "d'Estaing", alias: "chloe.destaing", title: "Chief Marketing Officer", department: "Marketing", manager: "ceo", office: 2},
		{key: "chro", display: "Ingrid Sørensen", given: "Ingrid", family: "Sørensen", alias: "ingrid.sorensen", title: "Chief People Officer", department: "Human Resources", manager: "ceo", office: 1},
		{key: "cio", display: "田中 健二", given: "健二", family: "田中", alias: "kenji.tanaka", title: "Chief Information Officer", department: "Information Technology", manager: "ceo", office: 3},
		{key: "coo", display: "Jadwiga Szczepańska-Żak", given: "Jadwiga", family: "Szczepańska-Żak", alias: "jadwiga.szczepanska-zak", title: "Chief Operating Officer", department: "Operations", manager: "ceo", office: 5},
		{key: "clo", display: "נועה בן-עמי", given: "נועה", family: "בן-עמי", alias: "noa.ben-ami", title: "General Counsel", department: "Legal & Compliance", manager: "ceo", office: 7},
		{
			key: "ciso", display: "Priya Raghunathan", given: "Priya", family: "Raghunathan", alias: "priya.raghunathan",
			title: "Chief Information Security Officer", department: "Information Technology", manager: "cio", office: 10,
			extra: object{"customSecurityAttributes": securityAttributes("Identity", true)},
		},
		{
			key: "payroll", display: "Rosalind Achterberg", given: "Rosalind", family: "Achterberg", alias: "rosalind.achterberg",
			title: "Head of Payroll", department: "Finance", manager: "cfo", office: 2,
			extra: object{
				"faxNumber":                     "+1 206 555 0199",
				"imAddresses":                   list("rosalind.achterberg@contoso.com"),
				"onPremisesExtensionAttributes": extensionAttributes("payroll"),
				// She was synchronized once, and is not any more.
				"onPremisesImmutableId": "q83vEjRWeJCrze8SNFZ4kA==",
			},
		},
		{
			key: "apprentice", display: "Tomás Ó Briain", given: "Tomás", family: "Ó Briain", alias: "tomas.obriain",
			title: "Apprentice", department: "Operations", manager: "coo", office: 2,
			extra: object{
				"ageGroup": "Minor", "consentProvidedForMinor": "Granted",
				"legalAgeGroupClassification": "MinorWithParentalConsent", "employeeType": "Apprentice",
			},
		},
	}
}

// castAccounts are the accounts that are nobody's own.
func castAccounts() []castMember {
	return []castMember{
		{
			key: "bg1", display: "Emergency Access 1", alias: "emergency-access-1", use: useBreakGlass,
			extra: object{"passwordPolicies": "DisablePasswordExpiration"},
		},
		{
			key: "bg2", display: "Emergency Access 2", alias: "emergency-access-2", use: useBreakGlass,
			extra: object{"passwordPolicies": "DisablePasswordExpiration"},
		},
		{key: "adm-cio", display: "ADM 田中 健二", given: "健二", family: "田中", alias: "adm-kenji.tanaka", use: useAdmin},
		{key: "adm-ciso", display: "ADM Priya Raghunathan", given: "Priya", family: "Raghunathan", alias: "adm-priya.raghunathan", use: useAdmin},
		{key: "adm-helpdesk", display: "ADM Helpdesk Duty", alias: "adm-helpdesk", use: useAdmin},
		{
			key: "sync", display: "On-Premises Directory Synchronization Service Account", alias: "Sync_AADC01_4f1d2c7b", use: useService,
			extra: object{"passwordPolicies": "DisablePasswordExpiration"},
		},
		{
			key: "scanner", display: "svc-scan-to-mail", alias: "svc-scan-to-mail", use: useService,
			extra: object{
				"passwordPolicies": "DisablePasswordExpiration, DisableStrongPassword",
				"passwordProfile":  object{"forceChangePasswordNextSignIn": false, "forceChangePasswordNextSignInWithMfa": true, "password": nil},
			},
		},
		{key: "kiosk", display: "svc-lobby-kiosk", alias: "svc-lobby-kiosk", use: useService},
		{key: "room-4.01", display: "Room 4.01 “Étoile” (8)", alias: "room-4.01", use: useRoom},
		{key: "room-0.12", display: "Room 0.12 <Atrium>", alias: "room-0.12", use: useRoom},
	}
}

// securityAttributes returns a value of the attribute set "Engineering", whose parts carry
// their types as Graph writes them.
func securityAttributes(team string, cleared bool) object {
	return object{"Engineering": object{
		"@odata.type":         "#microsoft.graph.customSecurityAttributeValue",
		"Project@odata.type":  "#Collection(String)",
		"Project":             list("Baker", "Cascade"),
		"Level@odata.type":    "#Int32",
		"Level":               num(3),
		"Team":                team,
		"SecurityClearedTeam": cleared,
	}}
}

// extensionAttributes returns all fifteen, as Graph does, with two of them set.
func extensionAttributes(first string) object {
	a := make(object, 15)
	for _, n := range [...]string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15"} {
		a["extensionAttribute"+n] = nil
	}
	a["extensionAttribute1"] = first
	a["extensionAttribute15"] = "wave-2"
	return a
}
