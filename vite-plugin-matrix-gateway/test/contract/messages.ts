/** Messages as today's Matrix clients write them, and as nobody should. */

/** One of each type that is in use, as the text that a sender would send. */
export const MATRIX_MESSAGES: readonly string[] = [
	'{"type":"agent_state","agentId":"timmy","state":"working","current_task":"garden","glow_intensity":0.6}',
	'{"type":"agent_move","agentId":"timmy","position":{"x":1,"y":0,"z":-2},"facing":1.57,"speed":1.2}',
	'{"type":"agent_behavior","agentId":"timmy","behavior":"wander","duration":10}',
	'{"type":"bark","agentId":"timmy","text":"Hello","emotion":"calm","animation":"nod"}',
	'{"type":"agent_message","agentId":"perplexity","text":"What are you building?"}',
	'{"type":"scene_add","id":"tree-1","kind":"box","position":{"x":0,"y":0,"z":0},"scale":1,"color":"#3a7","label":"Oak"}',
	'{"type":"scene_update","id":"tree-1","color":"#7a3"}',
	'{"type":"scene_remove","id":"tree-1"}',
	'{"type":"scene_clear"}',
	'{"type":"scene_batch","messages":[{"type":"scene_add","id":"a"},{"type":"scene_add","id":"b"}]}',
	'{"type":"zone_add","id":"garden","position":{"x":4,"z":4},"radius":3,"label":"Garden"}',
	'{"type":"zone_remove","id":"garden"}',
	'{"type":"world_register","id":"meadow","name":"Meadow"}',
	'{"type":"world_load","id":"meadow"}',
	'{"type":"world_unregister","id":"meadow"}',
	'{"type":"task_created","task_id":"t1","agent_id":"timmy","title":"Plant","status":"pending","priority":"high"}',
	'{"type":"task_update","task_id":"t1","status":"done"}',
	'{"type":"task_action","task_id":"t1","action":"approve"}',
	'{"type":"payment_flow","from":"timmy","to":"perplexity","amount":21,"unit":"sat"}',
	'{"type":"system_status","status":"ok","text":"all is well"}',
	'{"type":"visitor_message","text":"Hi","timestamp":"2026-11-22T12:00:00Z"}',
	'{"type":"chat_message","agentId":"timmy","text":"Hi"}',
];

/** Texts that any parsing and writing anew would change. */
export const ODD_MESSAGES: Readonly<Record<string, string>> = {
	"an unknown type": '{"type":"never_heard_of","x":1}',
	"a type that is a property of objects": '{"type":"__proto__"}',
	"a type that only begins like ours": '{"type":"gatewayish"}',
	"odd whitespace": ' \t{\r\n  "type" :\n"bark" ,\t"text": "  "  }\n\n',
	"keys in another order": '{"z":1,"a":2,"type":"bark","10":3,"9":4}',
	"a key twice": '{"type":"bark","text":"one","text":"two"}',
	"numbers that no double holds":
		'{"type":"bark","n":12345678901234567890,"d":0.1000000000000000055,"e":1E400,"z":-0,"f":1.0}',
	"escapes of all kinds":
		'{"type":"b\\u0061rk","text":"\\u00e9\\/\\u2028\\b\\ud83d\\ude00\\ud800 \\u0000"}',
	"unicode as it is": '{"type":"bark","text":"Grüße 世界 🌳 e\u0301 \u2028 ‮"}',
	"a prototype for the taking":
		'{"type":"bark","__proto__":{"target_id":"nobody"},"constructor":1}',
	"a target that is null": '{"type":"bark","target_id":null}',
	"deep nesting": `{"type":"bark","deep":${"[".repeat(63)}${"]".repeat(63)}}`,
	"200 kB": `{"type":"scene_add","blob":"${"x".repeat(200_000)}"}`,
	"200 kB of two-byte characters": `{"type":"scene_add","blob":"${"é".repeat(100_000)}"}`,
	// The three ways in which a frame tells its length meet at these sizes.
	...Object.fromEntries(
		[125, 126, 127, 65_535, 65_536].map((size) => [
			`exactly ${size} bytes`,
			sized(size),
		]),
	),
};

function sized(bytes: number): string {
	const empty = '{"type":"bark","text":""}';
	return empty.replace('""', `"${"x".repeat(bytes - empty.length)}"`);
}
