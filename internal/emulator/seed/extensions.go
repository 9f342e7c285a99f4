package seed

// extensionValues returns the values of directory extensions that an object of the fixed
// part of the company has, by its collection and key.
func (c *company) extensionValues(of string) object {
	value := func(short string) string { return c.extensionName("hr-feed", short) }
	return map[string]object{
		"users/ciso":               {value("badgeNumber"): "B-1047", value("floorWarden"): true, value("costObjects"): list("CO-1", "CO-2")},
		"users/cso":                {value("badgeNumber"): "B-0012"}, // mastered on premises
		"groups/all-admins":        {value("costObjects"): list("CO-9")},
		"administrativeUnits/emea": {value("assetClass"): num(3)},
		"applications/hr-feed":     {value("assetClass"): num(1)},
		"devices/kiosk-2":          {value("assetClass"): num(2)},
	}[of]
}
