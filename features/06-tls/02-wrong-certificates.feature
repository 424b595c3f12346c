Feature: Certificates that are wrong on purpose
  Each row is a certificate with one thing wrong, and the words under which a client refuses it. No
  byte of the application passes either way.

  Background:
    Given a listener "shop" that echoes

  Scenario Outline: <wrong> certificate is refused as <failure>
    Given <wrong> certificate "bad" for "localhost"
    And the listener "shop" speaks TLS with certificate "bad"
    When client "alice" tries to connect to the listener "shop" over TLS trusting certificate "ca"
    Then client "alice" sees <failure>
    And the listener "shop" sees handshake closed
    And the listener "shop" has 0 open connections

    Examples:
      | wrong                   | failure                   |
      | an expired              | expired certificate       |
      | a not-yet-valid         | not yet valid certificate |
      | a wrong-host            | hostname mismatch         |
      | an untrusted-root       | unknown authority         |
      | a missing-intermediate  | unknown authority         |
      | an expired-intermediate | expired certificate       |
      | a client-only-usage     | wrong certificate usage   |
      | a not-a-ca              | broken certificate chain  |
      | a path-len-exceeded     | broken certificate chain  |

  Scenario: a certificate that signed for itself is refused unless it is trusted itself
    Given a self-signed certificate "own" for "localhost"
    And a certificate "other" for "localhost" signed by certificate "ca"
    And the listener "shop" speaks TLS with certificate "own"
    When client "alice" tries to connect to the listener "shop" over TLS trusting certificate "ca"
    Then client "alice" sees self-signed certificate

  Scenario: a root that has expired is refused even where it is trusted
    Given an expired-root certificate "bad" for "localhost"
    And the listener "shop" speaks TLS with certificate "bad"
    When client "alice" tries to connect to the listener "shop" over TLS trusting certificate "bad"
    Then client "alice" sees expired certificate

  Scenario: a certificate that expired yesterday
    Given a certificate "old" for "localhost" signed by certificate "ca"
    And the certificate "old" that expired 24 hours ago
    And the listener "shop" speaks TLS with certificate "old"
    When client "alice" tries to connect to the listener "shop" over TLS trusting certificate "ca"
    Then client "alice" sees expired certificate

  Scenario: a good certificate for one name is wrong for another
    Given a certificate "leaf" for "shop.test" signed by certificate "ca"
    And the listener "shop" speaks TLS with certificate "leaf"
    When client "alice" connects to the listener "shop" over TLS trusting certificate "ca" as "shop.test"
    Then client "alice" is connected
    When client "bob" tries to connect to the listener "shop" over TLS trusting certificate "ca" as "bank.test"
    Then client "bob" sees hostname mismatch

  Scenario: an asterisk stands for one label
    Given a wildcard certificate "star" for "brine.test"
    And the listener "shop" speaks TLS with certificate "star"
    When client "alice" connects to the listener "shop" over TLS trusting certificate "ca" as "a.brine.test"
    Then client "alice" is connected
    When client "bob" tries to connect to the listener "shop" over TLS trusting certificate "ca" as "a.b.brine.test"
    Then client "bob" sees hostname mismatch

  Scenario: a certificate without the address is refused by who dials it
    Given a free port "shop"
    And a listener "there" on the free port "shop"
    And an ip-missing certificate "bad" for "localhost, 127.0.0.1"
    And the listener "there" speaks TLS with certificate "bad"
    When client "alice" tries to connect to the free port "shop" over TLS trusting certificate "ca"
    Then client "alice" sees hostname mismatch

  Scenario Outline: <odd> certificate is fine
    Given <odd> certificate "odd" for "localhost"
    And the listener "shop" speaks TLS with certificate "odd"
    When client "alice" connects to the listener "shop" over TLS trusting certificate "ca"
    And client "alice" sends "hello"
    Then client "alice" receives "hello"

    Examples:
      | odd           |
      | a many-sans   |
      | a must-staple |
      | an ed25519    |
