package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/doc"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// library is a package of the library with its types and doc comments.
type library struct {
	*types.Package
	docs map[string]string // the doc comments of functions, and of methods as "Type.Method"
}

// load reads the package with that import path, as the module in folder sees it.
func load(folder, path string) (*library, error) {
	listed, err := list(folder, path)
	if err != nil {
		return nil, err
	}
	fset := token.NewFileSet()
	target := listed[path]
	var files []*ast.File
	for _, name := range target.GoFiles {
		file, err := parser.ParseFile(fset, filepath.Join(target.Dir, name), nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	open := func(path string) (io.ReadCloser, error) { return os.Open(listed[path].Export) }
	config := types.Config{Importer: importer.ForCompiler(fset, "gc", open)}
	checked, err := config.Check(path, fset, files, nil)
	if err != nil {
		return nil, err
	}
	docs, err := comments(fset, files, path)
	return &library{checked, docs}, err
}

// listedPackage is what go list says of a package.
type listedPackage struct {
	ImportPath, Dir, Export string
	GoFiles                 []string
}

// list returns the package with that import path and its imports, compiled.
func list(folder, path string) (map[string]listedPackage, error) {
	command := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Dir,Export,GoFiles", path)
	command.Dir = folder
	output, err := command.Output()
	if failed, is := errors.AsType[*exec.ExitError](err); is {
		return nil, fmt.Errorf("go list %s: %w: %s", path, err, failed.Stderr)
	}
	if err != nil {
		return nil, err
	}
	listed := map[string]listedPackage{}
	for decoder := json.NewDecoder(bytes.NewReader(output)); ; {
		var p listedPackage
		err := decoder.Decode(&p)
		if err == io.EOF {
			return listed, nil
		}
		if err != nil {
			return nil, fmt.Errorf("go list %s: %w", path, err)
		}
		listed[p.ImportPath] = p
	}
}

func comments(fset *token.FileSet, files []*ast.File, path string) (map[string]string, error) {
	p, err := doc.NewFromFiles(fset, files, path)
	if err != nil {
		return nil, err
	}
	docs := map[string]string{}
	for _, f := range p.Funcs {
		docs[f.Name] = f.Doc
	}
	for _, typ := range p.Types {
		for _, f := range typ.Funcs {
			docs[f.Name] = f.Doc
		}
		for _, m := range typ.Methods {
			docs[typ.Name+"."+m.Name] = m.Doc
		}
	}
	return docs, nil
}
