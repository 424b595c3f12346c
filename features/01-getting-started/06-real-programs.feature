@real
Feature: Real programs
  The peer under test is most often a program. A scenario starts it, tells it where to connect,
  waits for what it prints, and leaves no process behind.

  Scenario: a program talks to a listener
    Given a listener "echo" that echoes
    When command "probe" runs `node -e "const s = require('net').connect(${listener 'echo' port}, '127.0.0.1', () => s.end('hi')); s.pipe(process.stdout)"` successfully
    Then the command "probe" prints exactly "hi" on stdout

  Scenario: a client talks to a program
    Given a free port "web"
    And a command "server" running `node -e "require('net').createServer((s) => s.end('welcome')).listen(${port 'web'}, '127.0.0.1', () => console.log('ready'))"`
    Then the command "server" prints "ready" within 10 s
    When client "alice" connects to the free port "web"
    Then client "alice" receives "welcome"
    And client "alice" sees end of stream
    And the command "server" is still running
