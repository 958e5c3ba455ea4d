//go:build ignore

// Writes vectors/note.json: notes, keys and tile paths made by golang.org/x/mod/sumdb/note and tlog and by the Go standard
// library's Ed25519, none of which shares code with this library.
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run vectors.go > ../vectors/note.json
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type object map[string]interface{}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// key makes the note key of a seed of 32 equal bytes.
func key(name string, fill byte) (seed string, signer note.Signer, vkey string) {
	raw := bytes.Repeat([]byte{fill}, 32)
	skey, vkey, err := note.GenerateKey(bytes.NewReader(raw), name)
	check(err)
	signer, err = note.NewSigner(skey)
	check(err)
	return hex.EncodeToString(raw), signer, vkey
}

func sign(text string, signers ...note.Signer) string {
	signed, err := note.Sign(&note.Note{Text: text}, signers...)
	check(err)
	return string(signed)
}

func main() {
	logSeed, logSigner, logKey := key("example.com/log", 1)
	_, otherSigner, otherKey := key("example.com/log", 2)

	root := tlog.RecordHash([]byte("entry-0"))
	text := fmt.Sprintf("example.com/log\n1\n%s\n", root)
	signed := sign(text, logSigner)

	witnessSeed := bytes.Repeat([]byte{3}, 32)
	witness := ed25519.NewKeyFromSeed(witnessSeed)
	witnessPublic := append([]byte{4}, witness.Public().(ed25519.PublicKey)...)
	sum := sha256.Sum256(append([]byte("witness.example/w1\n"), witnessPublic...))
	const seconds = 1700000000
	line := binary.BigEndian.AppendUint64(append([]byte{}, sum[:4]...), seconds)
	line = append(line, ed25519.Sign(witness, []byte(fmt.Sprintf("cosignature/v1\ntime %d\n%s", seconds, text)))...)
	cosigned := signed + "— witness.example/w1 " + base64.StdEncoding.EncodeToString(line) + "\n"

	entry := []byte("entry-1")
	leaf0, leaf1 := root, tlog.RecordHash(entry)
	pairText := fmt.Sprintf("example.com/log\n2\n%s\n", tlog.NodeHash(leaf0, leaf1))
	proof := fmt.Sprintf("c2sp.org/tlog-proof@v1\nindex 1\n%s\n\n%s", leaf0, sign(pairText, logSigner))

	paths := []object{}
	for _, t := range []tlog.Tile{
		{H: 8, L: 0, N: 0, W: 256}, {H: 8, L: 0, N: 0, W: 1}, {H: 8, L: 1, N: 999, W: 256}, {H: 8, L: 1, N: 1000, W: 255},
		{H: 8, L: 4, N: 1234067, W: 8}, {H: 8, L: 63, N: 1000000000, W: 256}, {H: 8, L: -1, N: 1234067, W: 17},
	} {
		level := interface{}(t.L)
		path := "tile/" + strings.TrimPrefix(t.Path(), "tile/8/")
		if t.L == -1 {
			level = "entries"
			path = strings.Replace(path, "/data/", "/entries/", 1)
		}
		paths = append(paths, object{"level": level, "index": t.N, "width": t.W, "path": path})
	}

	flipped := strings.Replace(signed, "\n1\n", "\n2\n", 1)
	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", " ")
	out.SetEscapeHTML(false)
	check(out.Encode(object{
		"origin": "made with golang.org/x/mod/sumdb/note and tlog, cosignatures with crypto/ed25519, by testing/vectors.go",
		"keys": []object{
			{"name": "example.com/log", "type": 1, "seed": logSeed, "verifierKey": logKey},
			{"name": "witness.example/w1", "type": 4, "seed": hex.EncodeToString(witnessSeed),
				"verifierKey": fmt.Sprintf("witness.example/w1+%x+%s", sum[:4], base64.StdEncoding.EncodeToString(witnessPublic))},
		},
		"checkpoint": object{"origin": "example.com/log", "size": 1, "root": hex.EncodeToString(root[:]), "text": text},
		"notes": []object{
			{"about": "a checkpoint signed by its log", "note": signed, "verified": true},
			{"about": "the same with a witness's cosignature", "note": cosigned, "verified": true, "cosignedAt": seconds},
			{"about": "signed by the log and by an unknown key of the same name, which is ignored", "note": sign(text, logSigner, otherSigner), "verified": true},
			{"about": "a text of several paragraphs", "note": sign("one\n\ntwo — 三\n", logSigner), "verified": true},
			{"about": "signed by an unknown key only", "note": sign(text, otherSigner), "verified": false},
			{"about": "another size under the same signature", "note": flipped, "verified": false, "failed": true},
		},
		"unknownVerifierKey": otherKey,
		"proof":              object{"text": proof, "entry": hex.EncodeToString(entry), "index": 1, "size": 2},
		"tilePaths":          paths,
	}))
}
