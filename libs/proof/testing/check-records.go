//go:build ignore

// Checks inclusion paths with golang.org/x/mod/sumdb/tlog, and no code of this project.
// Reads a JSON list of {"About", "Entry", "Index", "Size", "Path", "Root"} from standard input, entries, hashes and roots in base64, prints how many
// hold, or says which does not and exits with 1.
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run check-records.go < input.json
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	var claims []struct {
		About string
		Entry []byte
		Index int64
		Size  int64
		Path  [][]byte
		Root  []byte
	}
	if err := json.NewDecoder(os.Stdin).Decode(&claims); err != nil {
		fmt.Println("input:", err)
		os.Exit(1)
	}
	for _, claim := range claims {
		var proof tlog.RecordProof
		for _, hash := range claim.Path {
			proof = append(proof, tlog.Hash(*(*[32]byte)(hash)))
		}
		root := tlog.Hash(*(*[32]byte)(claim.Root))
		if err := tlog.CheckRecord(proof, claim.Size, root, claim.Index, tlog.RecordHash(claim.Entry)); err != nil {
			fmt.Printf("%s: %v\n", claim.About, err)
			os.Exit(1)
		}
	}
	fmt.Printf("%d hold\n", len(claims))
}
