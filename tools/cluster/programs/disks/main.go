// A stand-in for the driver of a cloud's disks, by the Container Storage Interface: a volume is an image with a file system
// of its own size, and a snapshot is the image's blocks at one moment, without a word to who writes to it. That is what a
// disk's snapshot has, too: what was written and not synced is lost, as when the machine loses power. The images are in a
// folder whose file system shares the blocks of copies (FICLONE).
package main

import (
	"context"
	"flag"
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc"
	pluginregistration "k8s.io/kubelet/pkg/apis/pluginregistration/v1"
	"k8s.io/mount-utils"
	"k8s.io/utils/exec"
)

func main() {
	name := flag.String("name", "", "the driver's name")
	node := flag.String("node", "", "the name of the node")
	folder := flag.String("folder", "", "the folder for images and snapshots")
	socket := flag.String("socket", "", "the socket to serve the interface at")
	registration := flag.String("registration", "", "the socket by which kubelet finds the driver")
	flag.Parse()
	log.SetFlags(log.LstdFlags | log.LUTC)
	if err := run(*name, *node, *folder, *socket, *registration); err != nil {
		log.Fatal(err)
	}
}

func run(name, node, folder, socket, registration string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	disks, err := openDisks(folder)
	if err != nil {
		return err
	}
	mounter := &mount.SafeFormatAndMount{Interface: mount.New(""), Exec: exec.New()}
	driver := grpc.NewServer(grpc.UnaryInterceptor(logFailures))
	csi.RegisterIdentityServer(driver, identity{name: name})
	csi.RegisterControllerServer(driver, &controller{disks: disks})
	csi.RegisterNodeServer(driver, &nodeServer{name: node, disks: disks, mounter: mounter})
	registrar := grpc.NewServer()
	pluginregistration.RegisterRegistrationServer(registrar, kubeletRegistration{name: name, socket: socket})

	failed := make(chan error, 2)
	go serve(driver, socket, failed)
	// Kubelet calls as soon as it sees this socket.
	go serve(registrar, registration, failed)
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		driver.GracefulStop()
		registrar.Stop()
		return nil
	}
}

func serve(server *grpc.Server, socket string, failed chan<- error) {
	// That of a driver that was killed.
	os.Remove(socket)
	listener, err := net.Listen("unix", socket)
	if err == nil {
		err = server.Serve(listener)
	}
	if err != nil {
		failed <- err
	}
}

func logFailures(ctx context.Context, request any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	response, err := handler(ctx, request)
	if err != nil {
		log.Printf("%s: %v", info.FullMethod, err)
	}
	return response, err
}
