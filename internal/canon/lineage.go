package canon

import (
	"strconv"

	"github.com/entragit/entragit/internal/entra"
	"github.com/entragit/entragit/internal/jsonpointer"
	"github.com/entragit/entragit/internal/yaml"
)

// lineageFile is .entragit/lineage.yaml.
type lineageFile struct {
	Format      int           `json:"formatVersion"`
	Successions entra.Lineage `json:"successions"`
}

// EncodeLineage returns the bytes of .entragit/lineage.yaml.
func EncodeLineage(l entra.Lineage) []byte {
	return encodeValue(lineageFile{Format: entra.FormatVersion, Successions: l.Merge()})
}

// DecodeLineage reads .entragit/lineage.yaml through the strict profile. A file of another
// format version, an unknown key, or successions that [entra.Lineage.Merge] would not leave
// as they are wrap [entra.ErrInvalid] and name file and line.
func DecodeLineage(file string, data []byte) (entra.Lineage, error) {
	var f lineageFile
	if err := yaml.Unmarshal(file, data, &f); err != nil {
		return nil, err
	}
	if f.Format != entra.FormatVersion {
		return nil, yaml.Faultf(file, data, "/formatVersion", "formatVersion is %d; this version reads %d", f.Format, entra.FormatVersion)
	}
	merged := f.Successions.Merge()
	for i, s := range f.Successions {
		if i >= len(merged) || s != merged[i] {
			return nil, yaml.Faultf(file, data, jsonpointer.Join("successions", strconv.Itoa(i)),
				"succession %d is out of order, says what another says, or leads nowhere", i+1)
		}
	}
	return merged, nil
}
