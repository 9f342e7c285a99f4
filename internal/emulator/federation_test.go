package emulator

import "testing"

// The collection is of a base type: the type of an external federation is in the path or in the
// body ("Create" and "Update samlOrWsFedExternalDomainFederation").
func TestFederationsAreOfADerivedType(t *testing.T) {
	c := serve(t, Options{})
	const plain, typed = "/directory/federationConfigurations", "/directory/federationConfigurations/microsoft.graph.samlOrWsFedExternalDomainFederation"
	f := c.values(plain)[0]
	if f["@odata.type"] != "#microsoft.graph.samlOrWsFedExternalDomainFederation" {
		t.Errorf("the type is %v", f["@odata.type"])
	}
	id := f["id"].(string)
	const body = `{"issuerUri": "https://sts.example/new"}`
	c.refuses(400, "BadRequest", "@odata.type", "PATCH", plain+"/"+id, body)
	c.expect(204, "PATCH", typed+"/"+id, body)
	c.expect(204, "PATCH", plain+"/"+id, `{"@odata.type": "microsoft.graph.samlOrWsFedExternalDomainFederation", "issuerUri": "https://sts.example/newer"}`)
	if got := c.get(typed + "/" + id)["issuerUri"]; got != "https://sts.example/newer" {
		t.Errorf("the issuer is %v", got)
	}
	c.refuses(400, "BadRequest", "could not be resolved", "POST", plain, `{"@odata.type": "#microsoft.graph.builtInIdentityProvider", "displayName": "x"}`)
	c.refuses(404, "Request_ResourceNotFound", "", "GET", "/directory/federationConfigurations/microsoft.graph.builtInIdentityProvider/"+id, "")
	if n := len(c.values(typed + "/" + id + "/domains")); n != 2 {
		t.Errorf("it has %d domains", n)
	}
}
