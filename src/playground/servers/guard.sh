# Ends the servers of a folder when the process that started them is gone, however it ended: `sh guard.sh FOLDER`, with a pipe from that
# process as its input. A server's folder has its process groups in `groups`, and `run/load`, which holds its load until it is emptied.
servers=$1
trap '' INT HUP TERM
read -r _

# Sends a signal to all groups that are left, and fails if there are none.
signal() {
  left=1
  for file in "$servers"/*/groups; do
    [ -f "$file" ] || continue
    for group in $(cat "$file"); do
      kill -s "$1" -- "-$group" 2>/dev/null && left=0
    done
  done
  return $left
}

signal TERM
for file in "$servers"/*/run/load; do
  [ -f "$file" ] && : >"$file"
done
# The load balancer that they drain for is gone too.
for _ in 1 2 3 4 5 6 7 8 9 10; do
  signal 0 || break
  sleep 0.2
done
signal KILL
rm -f "$servers"/*/groups
