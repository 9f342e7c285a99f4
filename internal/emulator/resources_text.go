package emulator

// What text properties take. From the pages of user, group, application and servicePrincipal.
var (
	userTexts = map[string]text{
		"ageGroup":                {among: []string{"Minor", "NotAdult", "Adult"}},
		"city":                    {most: 128},
		"companyName":             {most: 64},
		"consentProvidedForMinor": {among: []string{"Granted", "Denied", "NotRequired"}},
		"country":                 {most: 128},
		"department":              {most: 64},
		"displayName":             {most: 256},
		"employeeId":              {most: 16},
		"givenName":               {most: 64},
		"jobTitle":                {most: 128},
		"mailNickname":            {most: 64},
		"mobilePhone":             {most: 64},
		"postalCode":              {most: 40},
		"state":                   {most: 128},
		"streetAddress":           {most: 1024},
		"surname":                 {most: 64},
		"userType":                {among: []string{"Member", "Guest"}},
	}
	groupTexts = map[string]text{
		"displayName":                   {most: 256},
		"mailNickname":                  {most: 64, without: `@()\/[]"';:<>, `},
		"membershipRuleProcessingState": {among: []string{"On", "Paused"}},
		"theme":                         {among: []string{"Teal", "Purple", "Green", "Blue", "Pink", "Orange", "Red"}},
		"visibility":                    {among: []string{"Private", "Public", "HiddenMembership"}},
	}
	applicationTexts = map[string]text{
		"description": {most: 1024},
		"displayName": {most: 256},
		"notes":       {most: 1024},
	}
)
