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
command -v pdfsig >/dev/null || missing+=(poppler-utils)
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

passed=0 failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for project in tests/*.Tests/*.csproj; do
  echo "== $(basename "$project" .csproj)"
  # A skipped test counts as failed: what is not run is not known to work.
  dotnet run --project "$project" --no-build -c Debug -- -noColor -noLogo -failSkips "$@" >"$log" 2>&1
  code=$?
  summary=$(grep -oE 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+.*' "$log" | tail -n 1)
  total=$(grep -oE 'Total: [0-9]+' <<<"$summary" | grep -oE '[0-9]+')
  bad=0
  for n in $(grep -oE '(Errors|Failed): [0-9]+' <<<"$summary" | grep -oE '[0-9]+'); do bad=$((bad + n)); done
  if [ $code -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
  passed=$((passed + ${total:-0} - $bad)) failed=$((failed + $bad))
  if [ $code -ne 0 ]; then cat "$log"; else echo "   $summary"; fi
done

[ $passed -ge 0 ] || passed=0
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
