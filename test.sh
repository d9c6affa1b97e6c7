#!/usr/bin/env bash
# Runs every test. Installs what they need where it is missing, and says so first.
# Ends with the line "N passed, N failed"; exits 0 only when nothing failed and nothing was skipped.
set -uo pipefail
cd "$(dirname "$0")" || exit 1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en

if ! command -v dotnet >/dev/null; then
  echo "The .NET 10 SDK is needed and 'dotnet' is not on the PATH. Install it, then run ./test.sh again." >&2
  exit 1
fi

missing=()
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
/usr/bin/python3 -c 'import aiosmtpd' >/dev/null 2>&1 || missing+=(python3-aiosmtpd)
command -v chromium >/dev/null || missing+=(chromium)
command -v npm >/dev/null || missing+=(nodejs npm)
if [ ${#missing[@]} -gt 0 ]; then
  echo "Installing Debian packages that the tests need: ${missing[*]}"
  sudo=""
  [ "$(id -u)" -eq 0 ] || sudo="sudo"
  $sudo apt-get update -qq && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null || {
    echo "Could not install ${missing[*]}. Install them by hand, then run ./test.sh again." >&2
    exit 1
  }
fi
echo "The first build fetches NuGet packages, and npm packages for the pages (Bootstrap, htmx, Chart.js)."

dotnet build Alize.Workflows.sln -c Debug --nologo -v quiet || exit 1

passed=0 failed=0 broken=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for project in tests/*.Tests/*.csproj; do
  name=$(basename "$project" .csproj)
  echo "== $name"
  dotnet run --project "$project" --no-build -c Debug -- --no-ansi --no-progress "$@" >"$log" 2>&1
  code=$?
  count() { sed -nE "s/^ +$1: ([0-9]+)\$/\1/p" "$log" | tail -n 1; }
  ok=$(count succeeded) ko=$(count failed) skipped=$(count skipped)
  passed=$((passed + ${ok:-0})) failed=$((failed + ${ko:-0}))
  # 8: a filter left no test in this project.
  if [ $code -ne 0 ] && [ $code -ne 8 ] || [ "${skipped:-0}" -ne 0 ]; then
    [ "${ko:-0}" -gt 0 ] || broken=$((broken + 1))
    cat "$log"
  else
    grep -E '^ +(total|duration):' "$log" || true
  fi
done

echo "$passed passed, $((failed + broken)) failed"
[ $failed -eq 0 ] && [ $broken -eq 0 ]
