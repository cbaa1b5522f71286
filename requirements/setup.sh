# What ./start and ./check share: the Python environment in .venv and the system libraries.
# Sourced by both, in POSIX sh, with the repository as the working folder. Call open_log before anything else.

unset PYTHONPATH PYTHONHOME GUNICORN_CMD_ARGS PYTEST_ADDOPTS    # another project's settings are not ours
export DJANGO_SETTINGS_MODULE=copcready.settings PIP_USER=0
case $(uname -s) in
    Darwin)
        export LC_ALL=en_US.UTF-8
        # brew's libraries lie where the loader does not look by itself
        brew_home=$(brew --prefix 2>/dev/null || echo /usr/local)
        export DYLD_FALLBACK_LIBRARY_PATH="$brew_home/lib:${DYLD_FALLBACK_LIBRARY_PATH:-/usr/local/lib:/usr/lib}"
        ;;
    *) export LC_ALL=C.UTF-8 ;;
esac

child=      # the process that a signal has to end; empty between steps
python=$PWD/.venv/bin/python
pango_apt='libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0'

say() { printf '%s\n' "$*"; }

fail() {
    printf '\n%s\n' "$*" >&2
    exit 1
}

# open_log FOLDER NAME: an empty file for what the steps say, readable by its owner only. Sets $log and $setup_log.
open_log() {
    setup_log=$1/$2
    log=$setup_log
    mkdir -p -m 700 -- "$1" 2>/dev/null || :
    (umask 077 && : >"$log") 2>/dev/null ||
        fail "$1 is not writable for $(id -un). Change its owner, or use a clone of your own."
}

# run COMMAND...: an external command, its output in the log. In the background, because a shell acts on a signal
# only between foreground commands: this way Ctrl-C and TERM end a download at once.
run() {
    "$@" >>"$log" 2>&1 </dev/null &
    child=$!
    ended=0
    wait "$child" || ended=$?
    child=
    return "$ended"
}

# step LABEL COMMAND...: one line; the details only if the command fails. Under set -e that is the end, unless the
# caller knows better.
step() {
    printf '%s ... ' "$1"
    shift
    began=$(date +%s)
    if run "$@"; then
        took=$(($(date +%s) - began))
        if [ "$took" -gt 2 ]; then say "done ($took s)"; else say "done"; fi
    else
        say "failed"
        tail -n 25 "$log" >&2
        say "That step did not work. The lines above are the end of $log. Put right what they name, then run $0 again." >&2
        return 1
    fi
}

end_child() {
    if [ -n "$child" ]; then
        kill -TERM "$child" 2>/dev/null || :
        wait "$child" 2>/dev/null || :
        child=
    fi
}

# However it ends, nothing that was started goes on. ./check has more to clear away and redefines clean_up.
clean_up() { end_child; }
stop() {
    say ""
    say "Stopped."
    exit "$1"
}
trap 'trap "" INT TERM HUP; clean_up' EXIT
trap 'stop 130' INT
trap 'stop 143' TERM
trap 'stop 129' HUP

# Is this account allowed to install system packages without being asked for a password? Sets $as_root.
may_install() {
    if command -v apt-get >/dev/null; then
        as_root=
        [ "$(id -u)" = 0 ] && return
        as_root='sudo -n'
        command -v sudo >/dev/null && sudo -n true 2>/dev/null
    elif [ "$(uname -s)" = Darwin ]; then
        command -v brew >/dev/null
    else
        return 1
    fi
}

# system_packages LABEL APT-NAMES BREW-NAMES: installs them where it may; 1 if it may not or cannot.
# In the foreground: a half-configured system package is worse than a Ctrl-C that waits for apt to finish.
system_packages() {
    may_install || return 1
    printf '%s ... ' "$1"
    # The names are lists, and $as_root may be two words or none.
    # shellcheck disable=SC2086
    if command -v apt-get >/dev/null; then
        apt="$as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120"
        $apt update >>"$log" 2>&1 </dev/null || :
        set -- "$apt install --yes --no-install-recommends $2"
    else
        set -- "brew install $3"
    fi
    # shellcheck disable=SC2086
    if $1 >>"$log" 2>&1 </dev/null; then say "done"; else say "not possible (see $log)" && return 1; fi
}

# The command that a person types where we may not: by_hand APT-NAMES BREW-NAMES
by_hand() {
    if command -v apt-get >/dev/null; then
        if [ "$(id -u)" = 0 ]; then
            say "apt-get install $1"
        elif command -v sudo >/dev/null; then
            say "sudo apt-get install $1"
        else
            say "su - -c 'apt-get install $1'"
        fi
    elif [ "$(uname -s)" = Darwin ]; then
        say "brew install $2"
    else
        say "your system's package manager, for what Debian calls: $1"
    fi
}

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
makes_venvs() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }

# The first Python 3.11 or newer, one that can make environments before one that cannot. Sets $found.
find_python() {
    found=
    for candidate in python3.14 python3.13 python3.12 python3.11 python3; do
        new_enough "$candidate" || continue
        [ -n "$found" ] || found=$candidate
        if makes_venvs "$candidate"; then found=$candidate && break; fi
    done
    [ -n "$found" ]
}

# .venv with a working Python. An old one is kept unless its Python is gone.
make_environment() {
    new_enough "$python" && return
    [ -w . ] || fail "$(pwd) is not writable for $(id -un). Clone the repository into a folder of your own, or change its owner."
    rm -rf .venv
    find_python || { system_packages "Installing Python" "python3 python3-venv" "python@3.13" && find_python; } || :
    if [ -n "$found" ] && ! makes_venvs "$found"; then
        venv_apt=$("$found" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
        system_packages "Installing $venv_apt" "$venv_apt" "python@3.13" || :
    fi
    if [ -n "$found" ] && makes_venvs "$found"; then
        step "Making .venv with $("$found" --version)" "$found" -m venv .venv
    elif command -v uv >/dev/null; then
        step "Making .venv with uv" uv venv --quiet --python "${found:->=3.11}" .venv
    elif [ -n "$found" ]; then
        fail "$("$found" --version) lacks its venv module. Install it with

    $(by_hand "$venv_apt" "python@3.13")

then run $0 again."
    else
        fail "copcready needs Python 3.11 or newer, and there is none here. Install it with

    $(by_hand "python3 python3-venv" "python@3.13")

then run $0 again."
    fi
}

# install_pins NAME: requirements/NAME.txt, only if it differs from what was last installed here in full.
install_pins() {
    pins=requirements/$1.txt
    cmp -s "$pins" ".venv/installed-$1.txt" && return
    [ -w .venv ] || fail "$(pwd)/.venv is not writable for $(id -un). Remove it, or run $0 as the account that made it."
    label="Installing $(grep -c '^[A-Za-z0-9].*==' "$pins") packages for $1, checked against their hashes"
    if "$python" -c 'import pip' 2>/dev/null; then
        step "$label" "$python" -m pip install --disable-pip-version-check --no-input \
            --progress-bar off --require-hashes -r "$pins" || return
    elif command -v uv >/dev/null; then
        step "$label" uv pip install --python "$python" --require-hashes -r "$pins" || return
    else
        # A .venv whose making was interrupted, or one that uv made on a machine that lost uv.
        rm -rf .venv
        make_environment
        "$python" -c 'import pip' 2>/dev/null || fail ".venv has no pip. Install Python's venv module or uv, then run $0 again."
        install_pins "$1"
        return
    fi
    cp "$pins" ".venv/installed-$1.txt"
}

# Can WeasyPrint set a PDF here? Installs Pango where it may; otherwise 1, and $pdf_advice holds the way out.
find_pango() {
    run "$python" -c 'import weasyprint' && return
    system_packages "Installing Pango, for the PDF" "$pango_apt" pango && run "$python" -c 'import weasyprint' && return
    pdf_advice=$(by_hand "$pango_apt" pango)
    return 1
}
