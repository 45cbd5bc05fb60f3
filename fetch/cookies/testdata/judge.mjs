// Plays sequences of cookie operations on npm's tough-cookie, for TestJudge.
//
// usage: node judge.mjs DIRECTORY, the one that has node_modules/tough-cookie
//
// Each line of the input is a JSON array of operations {t, url, http, context,
// set}: at the time t in ms, set a cookie, or, without set, get the header. Each
// line of the output is a JSON array of what was got.
import {createRequire} from 'node:module';
import {createInterface} from 'node:readline';

const {CookieJar} = createRequire(process.argv[2] + '/')('tough-cookie');

let clock = 0;
const RealDate = Date;
globalThis.Date = class extends RealDate {
	constructor(...args) { args.length ? super(...args) : super(clock); }
	static now() { return clock; }
};

for await (const line of createInterface({input: process.stdin})) {
	const jar = new CookieJar(null, {looseMode: true, prefixSecurity: 'silent'});
	const got = [];
	for (const {t, url, http, context, set} of JSON.parse(line)) {
		clock = t;
		// A jar keeps what has expired until it is asked for it.
		jar.getCookiesSync(url.replace(/^http:/, 'https:'), {allPaths: true});
		if (set !== undefined) {
			jar.setCookieSync(set, url, {http, sameSiteContext: context, ignoreError: true});
		} else {
			got.push(jar.getCookieStringSync(url, {http, sameSiteContext: context}));
		}
	}
	console.log(JSON.stringify(got));
}
