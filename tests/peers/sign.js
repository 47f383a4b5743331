// Signs webhooks with Twilio's own library for Node: JSON [{token, url, params}, ...] in, JSON [signature, ...] out.
const { getExpectedTwilioSignature } = require("twilio/lib/webhooks/webhooks");

const requests = JSON.parse(require("fs").readFileSync(0, "utf8"));
const signatures = requests.map(({ token, url, params }) => getExpectedTwilioSignature(token, url, params));
process.stdout.write(JSON.stringify(signatures));
