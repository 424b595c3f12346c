@real
Feature: TLS with other programs
  The files of a certificate go to other programs by `${certificate "ca" ca}`: whom to trust, what
  to show, and the key for it. Only their owner may read them, and they go with the scenario.

  Background:
    Given an HTTP-over-TCP listener "web"
    And a certificate "leaf" for "localhost, 127.0.0.1" signed by certificate "ca"

  @needs(curl)
  Scenario: curl trusts the authority of the scenario
    Given the listener "web" speaks TLS with certificate "leaf"
    When command "curl" runs `curl --silent --show-error --http1.1 --cacert ${certificate "ca" ca} --data-raw "Hello World!" https://localhost:${listener "web" port}/` successfully
    Then the command "curl" prints exactly "Hello World!" on stdout

  @needs(curl)
  Scenario: curl trusts nobody else
    Given the listener "web" speaks TLS with certificate "leaf"
    When command "curl" runs `curl --silent --show-error --http1.1 https://localhost:${listener "web" port}/`
    Then the command "curl" exits with code 60
    And the listener "web" sees handshake failure

  @needs(curl)
  Scenario: curl refuses a certificate that has expired
    Given an expired certificate "bad" for "localhost"
    And the listener "web" speaks TLS with certificate "bad"
    When command "curl" runs `curl --silent --show-error --http1.1 --cacert ${certificate "ca" ca} https://localhost:${listener "web" port}/`
    Then the command "curl" exits with code 60
    And the command "curl" prints "certificate has expired" on stderr

  @needs(curl)
  Scenario: curl shows a certificate of its own
    Given a certificate "me" for "alice.test" signed by certificate "staff"
    And the listener "web" speaks TLS with certificate "leaf"
    And the listener "web" requires a client certificate signed by certificate "staff"
    When command "curl" runs `curl --silent --show-error --http1.1 --cacert ${certificate "ca" ca} --cert ${certificate "me" cert} --key ${certificate "me" key} --data-raw "it is me" https://localhost:${listener "web" port}/` successfully
    Then the command "curl" prints exactly "it is me" on stdout

  @needs(openssl)
  Scenario: a client of ours talks to a server of OpenSSL
    Given a free port "tls"
    And a command "server" running `openssl s_server -quiet -rev -accept ${port "tls"} -cert ${certificate "leaf" cert} -key ${certificate "leaf" key}`
    When the command "server" accepts connections on the free port "tls"
    And client "alice" connects to the free port "tls" over TLS trusting certificate "ca"
    And client "alice" sends "drawer\n"
    Then client "alice" receives "reward\n"
