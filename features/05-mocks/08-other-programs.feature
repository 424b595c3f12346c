@real
Feature: Real programs as clients
  What a mock is for: a program under test, in any language, that talks to it and does not know.
  `${mock "redis" port}` is where it listens.

  @needs(redis-cli)
  Scenario: redis-cli asks a Redis that a file describes
    Given a mock "redis" from "examples/mocks/redis.yaml"
    When command "cli" runs `redis-cli -h ${mock "redis" host} -p ${mock "redis" port} SET count 42` successfully
    Then the command "cli" prints "OK" on stdout
    And the mock "redis" received "*3\r\n$3\r\nSET\r\n$5\r\ncount\r\n$2\r\n42\r\n" once

  @needs(curl)
  Scenario: curl gets what a rule says
    Given a mock "web" with the "http1" framing
    And the mock "web" answers /^GET (\/\S*) HTTP/ with "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
    When command "curl" runs `curl --silent --show-error http://${mock "web"}/page` successfully
    Then the command "curl" prints exactly "hello" on stdout

  @needs(curl)
  Scenario: curl trusts the certificate that the mock shows
    Given a mock "web" with the "http1" framing
    And the mock "web" answers /^GET / with "HTTP/1.1 204 No Content\r\n\r\n"
    And a certificate "leaf" for "localhost, 127.0.0.1" signed by certificate "ca"
    And the mock "web" speaks TLS with certificate "leaf"
    When command "curl" runs `curl --silent --show-error --http1.1 --cacert ${certificate "ca" ca} https://localhost:${mock "web" port}/` successfully
    Then the mock "web" received nothing unexpected

  @needs(curl)
  Scenario: curl sends a mail through STARTTLS
    Given a certificate "leaf" for "localhost, 127.0.0.1" signed by certificate "ca"
    And a mock "smtp" from "examples/mocks/smtp.yaml"
    And the mock "smtp" speaks TLS with certificate "leaf"
    When command "curl" runs `curl --silent --show-error --ssl-reqd --cacert ${certificate "ca" ca} --mail-from a@b.test --mail-rcpt c@d.test --upload-file ${file "mocks/mail.txt"} smtp://localhost:${mock "smtp" port}` successfully
    Then the mock "smtp" received in order:
      """
      STARTTLS
      /^MAIL FROM:/
      /^RCPT TO:/
      DATA
      "Hello over there."
      "."
      QUIT
      """
