#!/bin/sh
# Makes every certificate of this folder anew; see README.md.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
long="-startdate 20200101000000Z -enddate 21200101000000Z"

key() { # name kind
  case $2 in
    ed25519) openssl genpkey -algorithm ed25519 -out "$1.key.pem" ;;
    ec) openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key.pem" ;;
    rsa) openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$1.key.pem" ;;
  esac
}

sign() { # name common-name issuer dates extensions
  printf '%s\n' "$5" >"$work/$1.ext"
  : >"$work/index.txt"
  openssl req -new -key "$1.key.pem" -subj "/CN=$2" -out "$work/$1.csr" 2>/dev/null
  cat >"$work/ca.cnf" <<CNF
[ca]
default_ca = us
[us]
database = $work/index.txt
new_certs_dir = $work
rand_serial = yes
default_md = default
policy = any
unique_subject = no
[any]
commonName = supplied
CNF
  if [ "$3" = self ]; then signer="-selfsign -keyfile $1.key.pem"
  else signer="-cert $3.pem -keyfile $3.key.pem"; fi
  # shellcheck disable=SC2086
  openssl ca -batch -notext -config "$work/ca.cnf" $signer $4 \
    -in "$work/$1.csr" -extfile "$work/$1.ext" -out "$1.pem" 2>/dev/null
}

authority='basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash'
leaf() { # names usage
  printf 'basicConstraints = critical, CA:FALSE\nkeyUsage = critical, digitalSignature, keyEncipherment\nextendedKeyUsage = %s\nsubjectAltName = %s' "$2" "$1"
}
here='DNS:localhost, IP:127.0.0.1, IP:::1'
both='serverAuth, clientAuth'

key ca ed25519; sign ca 'Brine test authority' self "$long" "$authority"
key other-ca ed25519; sign other-ca 'Brine other authority' self "$long" "$authority"
key intermediate ed25519; sign intermediate 'Brine test intermediate' ca "$long" "$authority"
key server ed25519; sign server localhost ca "$long" "$(leaf "$here" "$both")"
key server-ec ec; sign server-ec localhost ca "$long" "$(leaf "$here" "$both")"
key server-rsa rsa; sign server-rsa localhost ca "$long" "$(leaf "$here" "$both")"
key named ed25519; sign named named.example ca "$long" "$(leaf DNS:named.example "$both")"
key expired ed25519; sign expired localhost ca '-startdate 20200101000000Z -enddate 20210101000000Z' "$(leaf "$here" "$both")"
key early ed25519; sign early localhost ca '-startdate 21100101000000Z -enddate 21200101000000Z' "$(leaf "$here" "$both")"
key untrusted ed25519; sign untrusted localhost other-ca "$long" "$(leaf "$here" "$both")"
key below ed25519; sign below localhost intermediate "$long" "$(leaf "$here" "$both")"
key self ed25519; sign self localhost self "$long" "$(leaf "$here" "$both")"
key self-expired ed25519; sign self-expired localhost self '-startdate 20200101000000Z -enddate 20210101000000Z' "$(leaf "$here" "$both")"
key alice ed25519; sign alice alice ca "$long" "$(leaf DNS:alice clientAuth)"
key alice-expired ed25519; sign alice-expired alice ca '-startdate 20200101000000Z -enddate 20210101000000Z' "$(leaf DNS:alice clientAuth)"
openssl pkcs8 -topk8 -in server.key.pem -passout pass:secret -out server.encrypted.key.pem
openssl rsa -in server-rsa.key.pem -traditional -out server-rsa.pkcs1.key.pem 2>/dev/null
openssl ec -in server-ec.key.pem -out server-ec.sec1.key.pem 2>/dev/null
rm -f other-ca.key.pem intermediate.key.pem ca.key.pem
