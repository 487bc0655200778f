# Ends the servers of a folder when the process that started them is gone, however it ended: `sh guard.sh FOLDER`, with a pipe from that
# process as its input. A server's folder has its process group in `pid`, and `run/load`, which holds its load until it is emptied.
servers=$1
trap '' INT HUP TERM
read -r _

signal() {
  for file in "$servers"/*/pid; do
    [ -f "$file" ] && kill -s "$1" -- "-$(cat "$file")" 2>/dev/null
  done
  for file in "$servers"/*/run/load; do
    [ -f "$file" ] && : >"$file"
  done
}

# A second SIGTERM ends gunicorn's draining, which is for a load balancer that is gone too.
signal TERM
signal TERM
for _ in 1 2 3 4 5 6 7 8 9 10; do
  kill -0 -- $(for file in "$servers"/*/pid; do [ -f "$file" ] && echo "-$(cat "$file")"; done) 2>/dev/null || break
  sleep 0.2
done
signal KILL
rm -f "$servers"/*/pid
