//go:build ignore

// Verifies what libs/tlog and libs/merkle made, with golang.org/x/mod/sumdb/note and tlog and no code of theirs.
// Reads a JSON object from standard input, prints "verified" or says what is wrong and exits with 1.
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run verify.go < input.json
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type input struct {
	VerifierKey string
	CosignerKey string
	Origin      string
	// Signed checkpoints, the older first.
	Checkpoints []string
	// Consistency path from the first checkpoint to the second.
	Consistency [][]byte
	// tlog-proof texts and the entries they prove, under the last checkpoint.
	Proofs []struct {
		Text  string
		Entry []byte
	}
	// Tiles and entry bundles of the last checkpoint's tree by path.
	Tiles map[string][]byte
}

type checkpoint struct {
	size int64
	root tlog.Hash
}

func fail(format string, args ...interface{}) {
	fmt.Printf(format+"\n", args...)
	os.Exit(1)
}

func must(err error, what string) {
	if err != nil {
		fail("%s: %v", what, err)
	}
}

func open(in input, signed string) checkpoint {
	verifier, err := note.NewVerifier(in.VerifierKey)
	must(err, "verifier key")
	n, err := note.Open([]byte(signed), note.VerifierList(verifier))
	must(err, "note")
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 || lines[0] != in.Origin || lines[3] != "" {
		fail("checkpoint text %q", n.Text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err, "size")
	root, err := tlog.ParseHash(lines[2])
	must(err, "root")
	for _, sig := range n.UnverifiedSigs {
		cosigned(in, n.Text, sig)
	}
	return checkpoint{size, root}
}

// cosigned checks a version 1 cosignature as C2SP tlog-cosignature describes it.
func cosigned(in input, text string, sig note.Signature) {
	parts := strings.SplitN(in.CosignerKey, "+", 3)
	key, err := base64.StdEncoding.DecodeString(parts[2])
	must(err, "cosigner key")
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	if key[0] != 4 || sig.Name != parts[0] || sig.Hash != binary.BigEndian.Uint32(sum[:]) || fmt.Sprintf("%08x", sig.Hash) != parts[1] {
		fail("unknown cosigner %s+%08x", sig.Name, sig.Hash)
	}
	data, err := base64.StdEncoding.DecodeString(sig.Base64)
	must(err, "cosignature")
	time := binary.BigEndian.Uint64(data[4:12])
	message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", time, text)
	if !ed25519.Verify(key[1:], []byte(message), data[12:]) {
		fail("wrong cosignature")
	}
}

type tiles map[string][]byte

func (t tiles) Height() int { return 8 }

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

// path is the C2SP form of a tile's path, which leaves the height out and says entries for data.
func path(t tlog.Tile) string { return "tile/" + strings.TrimPrefix(t.Path(), "tile/8/") }

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, tile := range wanted {
		data, ok := t[path(tile)]
		if !ok {
			return nil, fmt.Errorf("no tile %s", path(tile))
		}
		out = append(out, data)
	}
	return out, nil
}

func main() {
	var in input
	must(json.NewDecoder(os.Stdin).Decode(&in), "input")
	older, newer := open(in, in.Checkpoints[0]), open(in, in.Checkpoints[1])

	var treeProof tlog.TreeProof
	for _, hash := range in.Consistency {
		var h tlog.Hash
		copy(h[:], hash)
		treeProof = append(treeProof, h)
	}
	must(tlog.CheckTree(treeProof, newer.size, newer.root, older.size, older.root), "consistency proof")

	// TileHashReader authenticates every tile that it reads against the checkpoint's root.
	reader := tlog.TileHashReader(tlog.Tree{N: newer.size, Hash: newer.root}, tiles(in.Tiles))

	for _, p := range in.Proofs {
		parts := strings.SplitN(p.Text, "\n\n", 2)
		lines := strings.Split(parts[0], "\n")
		if lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "index ") {
			fail("tlog-proof %q", p.Text)
		}
		index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
		must(err, "index")
		var proof tlog.RecordProof
		for _, line := range lines[2:] {
			h, err := tlog.ParseHash(line)
			must(err, "path hash")
			proof = append(proof, h)
		}
		head := open(in, parts[1])
		must(tlog.CheckRecord(proof, head.size, head.root, index, tlog.RecordHash(p.Entry)), "inclusion proof")
		fromTiles, err := tlog.ProveRecord(newer.size, index, reader)
		must(err, "proof from tiles")
		if fmt.Sprint(fromTiles) != fmt.Sprint(proof) {
			fail("path of entry %d differs from the tiles", index)
		}
	}

	for name, bundle := range in.Tiles {
		if !strings.HasPrefix(name, "tile/entries/") {
			continue
		}
		hashes := in.Tiles[strings.Replace(name, "entries", "0", 1)]
		for len(bundle) > 0 {
			length := 2 + int(binary.BigEndian.Uint16(bundle))
			h := tlog.RecordHash(bundle[2:length])
			if !bytes.HasPrefix(hashes, h[:]) {
				fail("bundle %s does not hash to its tile", name)
			}
			bundle, hashes = bundle[length:], hashes[32:]
		}
		if len(hashes) != 0 {
			fail("bundle %s is shorter than its tile", name)
		}
	}
	fmt.Println("verified")
}
