package seed

import (
	"crypto/ed25519"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"math/big"
	"strings"
	"time"
)

// certificate returns a certificate of the company in base64. It is a real one and the same
// each time; its key is nobody's.
func (c *company) certificate(name string) string {
	seed := sha256.Sum256([]byte(ID(c.tenantID, "certificate", name)))
	key := ed25519.NewKeyFromSeed(seed[:])
	template := &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(seed[:8]), Subject: pkix.Name{CommonName: name, Organization: []string{"Contoso"}},
		NotBefore: founded, NotAfter: founded.AddDate(20, 0, 0), IsCA: true, BasicConstraintsValid: true, SubjectKeyId: seed[:20],
	}
	der, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	if err != nil {
		panic("emulator: a certificate of the seed: " + err.Error())
	}
	return base64.StdEncoding.EncodeToString(der)
}

// DescribeCertificate returns what the service reads out of a certificate.
func DescribeCertificate(encoded string) (map[string]any, bool) {
	der, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return nil, false
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, false
	}
	sum := sha1.Sum(der)
	return object{
		"issuer": parsed.Issuer.String(), "thumbprint": strings.ToUpper(hex.EncodeToString(sum[:])),
		"issuerSubjectKeyIdentifier": strings.ToUpper(hex.EncodeToString(parsed.SubjectKeyId)),
		"expirationDateTime":         parsed.NotAfter.UTC().Format(time.RFC3339),
	}, true
}

// certificates yields the authorities whose certificates sign people in: in the store of
// today, and in the older one.
func (c *company) certificates(yield func(Record) bool) {
	store := c.id("publicKeyInfrastructures", "contoso")
	path := "/directory/publicKeyInfrastructure/certificateBasedAuthConfigurations"
	authority := func(name, form string, hint bool) Record {
		body, _ := DescribeCertificate(c.certificate(name))
		overlay(body, object{
			"@odata.type": "#microsoft.graph.certificateAuthorityDetail", "id": c.id("certificateAuthorities", name), "displayName": name,
			"certificateAuthorityType": form, "certificate": c.certificate(name), "createdDateTime": day(2400), "isIssuerHintEnabled": hint,
			"certificateRevocationListUrl":      "http://crl.contoso.com/" + form + ".crl",
			"deltaCertificateRevocationListUrl": "http://crl.contoso.com/" + form + "-delta.crl",
		})
		return Record{Path: path + "/" + store + "/certificateAuthorities", Body: body}
	}
	each(
		Record{Path: path, Body: object{
			"id": store, "displayName": "Contoso PKI", "status": "succeeded", "statusDetails": nil, "lastModifiedDateTime": day(2400),
		}},
		Record{Path: path, Body: object{
			"id": c.id("publicKeyInfrastructures", "lab"), "displayName": "Lab", "status": "succeeded", "statusDetails": nil, "lastModifiedDateTime": day(2410),
		}},
		authority("Contoso Root CA", "root", false),
		authority("Contoso Issuing CA 2", "intermediate", true),
		Record{Path: "/organization/" + c.tenantID + "/certificateBasedAuthConfiguration", Body: object{
			"id": "29728ade-6ae4-4ee9-9103-412912537da5", "certificateAuthorities": list(object{
				"isRootAuthority": true, "certificate": c.certificate("Contoso Root CA"), "issuer": "CN=Contoso Root CA", "issuerSki": "1D44CE",
				"certificateRevocationListUrl": "http://crl.contoso.com/root.crl", "deltaCertificateRevocationListUrl": nil,
			}),
		}},
	)(yield)
}
