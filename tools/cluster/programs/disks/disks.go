package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
	"k8s.io/utils/exec"
)

// disks are images in a folder: those of volumes, and those of snapshots. A name decides the file, so that a call that is
// made again finds what it made before.
type disks struct {
	volumes, snapshots string
}

func openDisks(folder string) (disks, error) {
	all := disks{volumes: filepath.Join(folder, "volumes"), snapshots: filepath.Join(folder, "snapshots")}
	for _, each := range []string{all.volumes, all.snapshots} {
		if err := os.MkdirAll(each, 0o700); err != nil {
			return disks{}, err
		}
	}
	return all, nil
}

// volume is the path of a volume's image. Its id comes from a caller.
func (d disks) volume(id string) (string, error) { return image(d.volumes, id) }

// snapshot is the path of a snapshot's image.
func (d disks) snapshot(id string) (string, error) { return image(d.snapshots, id) }

func image(folder, id string) (string, error) {
	if id == "" || strings.ContainsAny(id, "/\x00") || strings.HasPrefix(id, ".") {
		return "", fmt.Errorf("%q is no name of an image", id)
	}
	return filepath.Join(folder, id), nil
}

// makeEmpty makes an image with an empty file system.
func makeEmpty(path string, bytes int64) error {
	return whole(path, func(file *os.File) error {
		if err := file.Truncate(bytes); err != nil {
			return err
		}
		return inImage("mkfs.ext4", "-q", "-F", file.Name())
	})
}

// makeCopy makes an image of another one's blocks as they are at this moment, at least as large.
func makeCopy(path, source string, bytes int64) error {
	return whole(path, func(file *os.File) error {
		from, err := os.Open(source)
		if err != nil {
			return err
		}
		defer from.Close()
		if err := unix.IoctlFileClone(int(file.Fd()), int(from.Fd())); err != nil {
			return fmt.Errorf("copy the blocks of %s: %w", source, err)
		}
		info, err := file.Stat()
		if err != nil || info.Size() >= bytes {
			return err
		}
		if err := file.Truncate(bytes); err != nil {
			return err
		}
		// Its journal is replayed first, as at every mount after a loss of power; e2fsck says 1 where it did so.
		if err := inImage("e2fsck", "-f", "-p", file.Name()); err != nil && exitCode(err) > 1 {
			return err
		}
		return inImage("resize2fs", file.Name())
	})
}

// whole makes a file that is there with all of its content, or not at all.
func whole(path string, write func(*os.File) error) error {
	temporary := filepath.Join(filepath.Dir(path), "."+filepath.Base(path))
	file, err := os.Create(temporary)
	if err != nil {
		return err
	}
	defer os.Remove(temporary)
	if err := errors.Join(write(file), file.Close()); err != nil {
		return err
	}
	return os.Rename(temporary, path)
}

func inImage(command string, args ...string) error {
	output, err := exec.New().Command(command, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", command, err, output)
	}
	return nil
}

func exitCode(err error) int {
	var exit exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitStatus()
	}
	return -1
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
