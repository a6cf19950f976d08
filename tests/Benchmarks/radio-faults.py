#!/usr/bin/env python3
"""How long a source takes to notice a fault of its radio, and to be LIVE again once the fault is over, with the default settings of a server.

    tests/Benchmarks/radio-faults.py SERVER_DLL MUSIC_FOLDER [REPEATS=3]

Needs ffmpeg and icecast2. MUSIC_FOLDER holds at least two MP3 files of constant bit rate. Prints one line a fault and repeat: seconds from the fault to
the first state that is not LIVE, and seconds from the fault's end to LIVE.
"""
import base64, glob, json, os, signal, socket, subprocess, sys, tempfile, threading, time, urllib.request

PORT, HTTP, GRPC = 18650, 18651, 18652
dll, music = sys.argv[1], sorted(glob.glob(sys.argv[2] + "/*.mp3"))
repeats = int(sys.argv[3]) if len(sys.argv) > 3 else 3
folder = tempfile.mkdtemp()
os.chmod(folder, 0o777)
children = []


def start(*command, **more):
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
    children.append(child)
    return child


def icecast():
    owner = "<changeowner><user>nobody</user><group>nogroup</group></changeowner>" if os.getuid() == 0 else ""
    with open(folder + "/icecast.xml", "w") as f:
        f.write(f"""<icecast><hostname>localhost</hostname><limits><clients>50</clients><sources>20</sources><burst-size>65535</burst-size></limits>
<authentication><source-password>hackme</source-password><admin-user>admin</admin-user><admin-password>hackme</admin-password></authentication>
<listen-socket><port>{PORT}</port><bind-address>127.0.0.1</bind-address></listen-socket>
<paths><basedir>/usr/share/icecast2</basedir><webroot>/usr/share/icecast2/web</webroot><adminroot>/usr/share/icecast2/admin</adminroot><logdir>{folder}</logdir></paths>
<logging><loglevel>1</loglevel></logging><security><chroot>0</chroot>{owner}</security></icecast>""")
    child = start("icecast2", "-c", folder + "/icecast.xml")
    wait(lambda: get(PORT, "/status-json.xsl") is not None)
    return child


def studio(*coding, song=0):
    child = start("ffmpeg", "-v", "quiet", "-nostdin", "-re", "-stream_loop", "-1", "-i", music[song], "-map", "0:a:0", *coding, f"icecast://source:hackme@127.0.0.1:{PORT}/live")
    wait(lambda: "/live" in (get(PORT, "/status-json.xsl") or ""))
    return child


MP3 = ("-c", "copy", "-content_type", "audio/mpeg", "-f", "mp3")
OPUS = ("-c:a", "libopus", "-b:a", "96k", "-content_type", "application/ogg", "-f", "ogg")


def get(port, path):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2) as response:
            return response.read().decode()
    except OSError:
        return None


def wait(condition, patience=180):
    begin = time.time()
    while not condition():
        if time.time() - begin > patience:
            raise SystemExit("waited in vain")
        time.sleep(0.02)
    return time.time() - begin


def source():
    return json.loads(get(HTTP, "/v1/sources"))["sources"][0]


def live():
    return source()["state"] == "SOURCE_STATE_LIVE"


def settle():
    wait(live)
    time.sleep(35)  # a connection that has held for half a minute: earlier failures are forgotten


def stop(child):
    child.kill()
    child.wait()


def garbage_studio(stop_event):
    """Sends a song at its pace, with 64 kB of noise in its midst every 20 s."""
    with open(music[0], "rb") as f:
        song = f.read()
    feed = socket.create_connection(("127.0.0.1", PORT))
    auth = base64.b64encode(b"source:hackme").decode()
    feed.sendall(f"SOURCE /live HTTP/1.0\r\nAuthorization: Basic {auth}\r\nContent-Type: audio/mpeg\r\n\r\n".encode())
    feed.recv(1000)
    at, begin, noise_next = 0, time.time(), 20
    while not stop_event.is_set():
        feed.sendall(song[at % len(song):at % len(song) + 4000])
        at += 4000
        if time.time() - begin > noise_next:
            feed.sendall(os.urandom(65536))
            noise_next += 20
        time.sleep(max(0, begin + at / 16000 - time.time()))
    feed.close()


def report(fault, noticed, recovered):
    print(f"{fault}: noticed after {noticed:.1f} s, LIVE {recovered:.1f} s after its end ({source()['lastError']})", flush=True)


try:
    tower, feeder = icecast(), studio(*MP3)
    with open(folder + "/settings.json", "w") as f:
        json.dump({"Sources": {"Items": [{"Id": "radio", "Url": f"http://127.0.0.1:{PORT}/live"}]}}, f)
    server = start("dotnet", dll, "serve", "--bind", "127.0.0.1", "--grpc-port", str(GRPC), "--http-port", str(HTTP), "--config", folder + "/settings.json")
    wait(lambda: get(HTTP, "/v1/sources") is not None)
    begin = time.time()
    wait(live)
    print(f"first connection: LIVE {time.time() - begin:.1f} s after the server answered", flush=True)
    for _ in range(repeats):
        settle()
        stop(feeder)
        noticed = wait(lambda: not live())
        time.sleep(5)
        feeder = studio(*MP3)
        report("studio killed, back after 5 s", noticed, wait(live))

        settle()
        stop(feeder)
        feeder = studio(*OPUS, song=1)
        begin = time.time()
        noticed = wait(lambda: not live())
        report("codec changed from MP3 to Opus at once", noticed, wait(live))
        stop(feeder)
        feeder = studio(*MP3)

        settle()
        stop(tower)
        noticed = wait(lambda: not live())
        time.sleep(5)
        stop(feeder)
        tower = icecast()
        feeder = studio(*MP3)
        report("Icecast killed, back after 5 s", noticed, wait(live))

        settle()
        tower.send_signal(signal.SIGSTOP)
        noticed = wait(lambda: not live())
        time.sleep(5)
        tower.send_signal(signal.SIGCONT)
        report("Icecast stopped for 10 s", noticed, wait(live))

        settle()
        tower.send_signal(signal.SIGSTOP)
        noticed = wait(lambda: not live())
        time.sleep(55)
        tower.send_signal(signal.SIGCONT)
        report("Icecast stopped for 60 s", noticed, wait(live))

    stop(feeder)
    event = threading.Event()
    noisy = threading.Thread(target=garbage_studio, args=(event,))
    noisy.start()
    settle()
    connections, away, begin = source()["connections"], 0, time.time()
    while time.time() - begin < 60:
        away += 0 if live() else 1
        time.sleep(0.05)
    print(f"64 kB of noise in the MP3 every 20 s, for 60 s: {int(source()['connections']) - int(connections)} new connections, away for {away * 0.05:.1f} s", flush=True)
    event.set()
    noisy.join()

    feeder = studio(*MP3)
    wait(live)
    tower.send_signal(signal.SIGSTOP)
    time.sleep(2)
    listeners = subprocess.run(["pgrep", "-f", f"^/.*ffmpeg.*-i http://127.0.0.1:{PORT}/live"], capture_output=True, text=True).stdout.split()
    stop(server)
    gone = wait(lambda: not any(os.path.exists(f"/proc/{pid}/exe") for pid in listeners))
    print(f"server killed with -9 while its connection stands still: its {len(listeners)} processes (FFmpeg and the shell beside it) are gone after {gone:.2f} s", flush=True)
    tower.send_signal(signal.SIGCONT)
finally:
    for child in children:
        child.kill()
