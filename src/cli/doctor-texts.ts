import { type Sentence } from './language.ts'

/** What is checked, as people name it. */
export const CHECK_NAMES = {
  config: { vi: 'Cấu hình đọc được', en: 'Configuration can be read' },
  dataFolder: { vi: 'Thư mục dữ liệu ghi được, còn chỗ', en: 'Data folder is writable and has room' },
  recordingsFolder: {
    vi: 'Thư mục ghi âm ghi được, còn chỗ',
    en: 'Recordings folder is writable and has room',
  },
  recordingsOwner: {
    vi: 'Thư mục ghi âm là của hệ thống này',
    en: 'The recordings folder is this installation’s',
  },
  amiConnect: { vi: 'Kết nối AMI', en: 'AMI answers' },
  amiLogin: { vi: 'Đăng nhập AMI', en: 'AMI sign-in' },
  amiRights: { vi: 'Quyền AMI (write)', en: 'AMI rights to write' },
  amiEvents: { vi: 'Quyền AMI (read)', en: 'AMI rights to read' },
  amiTimestamps: { vi: 'Sự kiện AMI có giờ, đồng hồ khớp', en: 'AMI events carry the time, clocks agree' },
  pbxVersion: { vi: 'Asterisk từ 22.5', en: 'Asterisk 22.5 or later' },
  systemName: { vi: 'systemname đã đặt', en: 'systemname is set' },
  modules: { vi: 'Mô-đun của Asterisk', en: 'Asterisk modules' },
  dialplan: { vi: 'Dialplan của tổng đài', en: 'The hotline’s dialplan' },
  globals: { vi: 'Biến toàn cục của dialplan', en: 'Dialplan globals' },
  queue: { vi: 'Hàng chờ hotline', en: 'Queue hotline' },
  queueSettings: { vi: 'Nhạc chờ và luật của hàng chờ', en: 'Queue music and rules' },
  journal: { vi: 'Nhật ký cuộc gọi', en: 'Journal of calls' },
  trunk: { vi: 'Trung kế', en: 'Trunk' },
  ariReach: { vi: 'Kết nối ARI', en: 'ARI answers' },
  ariLogin: { vi: 'Đăng nhập ARI', en: 'ARI sign-in' },
  samePbx: { vi: 'AMI và ARI cùng một tổng đài', en: 'AMI and ARI are the same PBX' },
  ariDynamic: { vi: 'Tạo máy nhánh qua ARI', en: 'Phones can be created over ARI' },
  sipWs: { vi: 'SIP qua WebSocket cho điện thoại trình duyệt', en: 'SIP over WebSocket for browser phones' },
  recordingFolder: {
    vi: 'Ghi âm của tổng đài đến được dịch vụ',
    en: 'Recordings of the PBX reach the service',
  },
  prompts: { vi: 'Tiếng nói (lời chào, thông báo ghi âm …)', en: 'Prompts (greeting, recording notice …)' },
  sms: { vi: 'Tài khoản SMS', en: 'SMS account' },
  publicUrl: { vi: 'Địa chỉ công khai', en: 'Public address' },
  service: { vi: 'Dịch vụ đang chạy và sẵn sàng', en: 'The service runs and is ready' },
} as const satisfies Readonly<Record<string, Sentence>>
export type CheckId = keyof typeof CHECK_NAMES

/** Remarks that are no failures. */
export const NOTES = {
  noDatabase: {
    vi: 'cơ sở dữ liệu chưa có tên hệ thống; dịch vụ đặt ở lần chạy đầu tiên',
    en: 'the database names no installation yet; the service does at its first start',
  },
  smsSimulated: {
    vi: 'không cấu hình Twilio: SMS vào trang mô phỏng điện thoại',
    en: 'no Twilio account configured: SMS go to the phone simulator page',
  },
  queueSettingsUnread: {
    vi: 'không đọc được từ đây; nạp func_config.so, hoặc tự xem queues.conf: musicclass, joinempty=yes, context=queue-escape',
    en: 'cannot be read from here; load func_config.so, or look in queues.conf yourself: musicclass, joinempty=yes, context=queue-escape',
  },
} as const satisfies Readonly<Record<string, Sentence>>
export type NoteId = keyof typeof NOTES

/** Other words of the command. */
export const DOCTOR_TEXTS = {
  skipped: { vi: 'bỏ qua, vì "{name}" chưa được', en: 'skipped: "{name}" comes first' },
  good: { vi: 'Mọi kiểm tra đều đạt.', en: 'Everything is in order.' },
  bad: { vi: '{count} chỗ cần sửa.', en: '{count} to mend.' },
} as const satisfies Readonly<Record<string, Sentence>>

/** What is wrong and what to do about it, one sentence or two. */
export const PROBLEMS = {
  unexpected: { vi: 'Không kiểm tra được: {reason}.', en: 'It could not be checked: {reason}.' },
  configBad: {
    vi: '{reason}. Sửa biến môi trường (hoặc tệp .env) rồi chạy lại; .env.example giải thích từng biến.',
    en: '{reason}. Correct the environment (or the file .env) and run again; .env.example explains each variable.',
  },
  configNoPbx: {
    vi: 'Không có bản nào do "npm start" chạy trên DATA_DIR này, và AMI_SECRET, ARI_SECRET chưa đặt. Chạy "npm start", hoặc đặt AMI_* và ARI_* của tổng đài.',
    en: 'No copy started by "npm start" runs on this DATA_DIR, and AMI_SECRET and ARI_SECRET are not set. Run "npm start", or set AMI_* and ARI_* of your PBX.',
  },
  folderNotWritable: {
    vi: 'Không ghi được vào {path} ({code}). Cấp quyền ghi cho người dùng chạy dịch vụ, hoặc đặt {variable} sang thư mục khác.',
    en: '{path} cannot be written ({code}). Give the service’s user the right to write, or set {variable} to another folder.',
  },
  folderFull: {
    vi: '{path} chỉ còn {freeGb} GB. Dọn đĩa hoặc chuyển sang đĩa lớn hơn: dưới 1 GB thì ghi âm sẽ mất.',
    en: '{path} has {freeGb} GB left. Make room or move it to a larger disk: below 1 GB recordings will be lost.',
  },
  recordingsOfOther: {
    vi: '{path} là của một hệ thống khác ({id}, từ {since}); hệ thống này là {own}. Đặt RECORDINGS_DIR (và DATA_DIR) sang thư mục riêng. Nếu thư mục đúng là của hệ thống này: dừng hệ thống kia, xóa tệp {file} rồi khởi động lại dịch vụ.',
    en: '{path} belongs to another installation ({id}, since {since}); this one is {own}. Set RECORDINGS_DIR (and DATA_DIR) to folders of its own. If the folder is to be this one’s: stop the other, remove {file} and start the service again.',
  },
  recordingsMarkBad: {
    vi: '{file} không cho biết thư mục ghi âm là của hệ thống nào ({problem}). Chắc chắn không có hệ thống khác dùng thư mục này, cấp quyền đọc và ghi, xóa tệp đó rồi khởi động lại dịch vụ: dịch vụ sẽ ghi lại.',
    en: '{file} does not say whose the recordings folder is ({problem}). Make sure that no other installation uses it, give the right to read and write there, remove that file and start the service again: it writes it anew.',
  },
  recordingsElsewhere: {
    vi: 'Bản ghi âm mới nhất ({file}) không có trong {path}. Đặt RECORDINGS_DIR là thư mục đang giữ các bản ghi âm, hoặc chép chúng vào đây.',
    en: 'The newest recording ({file}) is not in {path}. Set RECORDINGS_DIR to the folder that holds the recordings, or copy them here.',
  },
  amiUnreachable: {
    vi: 'Không ai trả lời ở {host}:{port}. Asterisk có chạy không? Trong manager.conf: enabled=yes, port và bindaddr phải khớp AMI_HOST, AMI_PORT; tường lửa phải cho qua.',
    en: 'Nobody answers at {host}:{port}. Is Asterisk running? In manager.conf: enabled=yes, port and bindaddr must match AMI_HOST and AMI_PORT; the firewall must let it through.',
  },
  amiNotAmi: {
    vi: 'Ở {host}:{port} có chương trình trả lời nhưng không phải AMI, hoặc địa chỉ máy này bị chặn (permit/acl trong manager.conf). Kiểm tra AMI_PORT (thường là 5038).',
    en: 'Something answers at {host}:{port} that does not speak AMI, or this machine’s address is shut out (permit, acl in manager.conf). Check AMI_PORT (usually 5038).',
  },
  amiRefused: {
    vi: 'Tổng đài từ chối người dùng AMI "{user}". AMI_USER và AMI_SECRET phải khớp mục [{user}] trong manager.conf, và permit phải cho máy này; sau đó chạy "manager reload" trong Asterisk.',
    en: 'The PBX refuses AMI user "{user}". AMI_USER and AMI_SECRET must match section [{user}] of manager.conf, whose permit must allow this machine; then run "manager reload" in Asterisk.',
  },
  amiRights: {
    vi: 'Người dùng AMI "{user}" thiếu quyền: {rights}. Trong manager.conf, mục [{user}]: write = system,call,agent,user,reporting,originate; sau đó "manager reload".',
    en: 'AMI user "{user}" lacks: {rights}. In manager.conf, section [{user}]: write = system,call,agent,user,reporting,originate; then "manager reload".',
  },
  amiEvents: {
    vi: 'Người dùng AMI "{user}" không nghe được sự kiện loại: {rights}. Trong manager.conf, mục [{user}]: read = system,call,agent,user,reporting, và eventfilter không được chặn chúng; sau đó "manager reload".',
    en: 'AMI user "{user}" hears no events of class: {rights}. In manager.conf, section [{user}]: read = system,call,agent,user,reporting, and no eventfilter may drop them; then "manager reload".',
  },
  amiNoTimestamps: {
    vi: 'Sự kiện AMI không mang giờ. Đặt timestampevents=yes trong [general] của manager.conf rồi "manager reload".',
    en: 'AMI events carry no time. Set timestampevents=yes in [general] of manager.conf, then "manager reload".',
  },
  clocksApart: {
    vi: 'Đồng hồ của tổng đài và của máy này lệch {seconds} giây. Bật đồng bộ giờ (NTP) trên cả hai máy.',
    en: 'The clocks of the PBX and of this machine are {seconds} s apart. Turn on time synchronisation (NTP) on both.',
  },
  pbxTooOld: {
    vi: 'Asterisk {version} quá cũ. Cần bản 22.5 trở lên (nên dùng 22 LTS mới nhất).',
    en: 'Asterisk {version} is too old. It takes 22.5 or later (the latest 22 LTS is best).',
  },
  noSystemName: {
    vi: 'systemname chưa đặt nên mã cuộc gọi có thể trùng. Đặt systemname trong [options] của asterisk.conf rồi khởi động lại Asterisk.',
    en: 'systemname is not set, so call ids may repeat. Set systemname in [options] of asterisk.conf and restart Asterisk.',
  },
  modulesMissing: {
    vi: 'Asterisk chưa nạp: {modules}. Thêm "load = …" vào modules.conf (hoặc bỏ noload) rồi khởi động lại Asterisk.',
    en: 'Asterisk has not loaded: {modules}. Add "load = …" to modules.conf (or remove the noload) and restart Asterisk.',
  },
  contextsMissing: {
    vi: 'Dialplan thiếu: {contexts}. Chép thư mục dialplan/ vào <astetcdir>/tongdai, thêm "#include tongdai/extensions.conf" vào extensions.conf, rồi "dialplan reload".',
    en: 'The dialplan lacks: {contexts}. Copy the folder dialplan/ to <astetcdir>/tongdai, add "#include tongdai/extensions.conf" to extensions.conf, then "dialplan reload".',
  },
  globalsMissing: {
    vi: 'Chưa đặt trong [globals] của extensions.conf: {globals}. Đầu tệp dialplan/extensions.conf giải thích từng biến; sau đó "dialplan reload".',
    en: 'Not set in [globals] of extensions.conf: {globals}. The head of dialplan/extensions.conf explains each; then "dialplan reload".',
  },
  journalOverflowed: {
    vi: 'Nhật ký của tổng đài đã đầy ({most} mục) và {calls} cuộc gọi không được giữ lại. Chạy lại dịch vụ để lấy nhật ký; trang "Đối soát" sẽ ghi lại việc này.',
    en: 'The journal of the PBX was full ({most} entries) and {calls} calls were not kept. Start the service to collect it; page "Đối soát" will tell of it.',
  },
  journalNearlyFull: {
    vi: 'Nhật ký của tổng đài gần đầy: {rows} trên {most} mục. Chạy dịch vụ để lấy nhật ký, hoặc tăng HOTLINE_JOURNAL_MAX.',
    en: 'The journal of the PBX is nearly full: {rows} of {most} entries. Start the service to collect it, or raise HOTLINE_JOURNAL_MAX.',
  },
  recordingsNotAbsolute: {
    vi: 'HOTLINE_RECORDINGS là "{folder}", phải là đường dẫn đầy đủ <astspooldir>/recording. Sửa trong [globals] rồi "dialplan reload".',
    en: 'HOTLINE_RECORDINGS is "{folder}"; it must be the full path <astspooldir>/recording. Correct it in [globals], then "dialplan reload".',
  },
  queueMissing: {
    vi: 'Không có hàng chờ {queue}. Chép các mục của config/asterisk/queues.conf vào queues.conf rồi "queue reload all".',
    en: 'There is no queue {queue}. Copy the sections of config/asterisk/queues.conf into queues.conf, then "queue reload all".',
  },
  robotMissing: {
    vi: 'Hàng chờ hotline-training thiếu thành viên robot: cuộc gọi thử sẽ không ai nghe. Thêm "member => Local/answer@hotline-robot/n,0,robot" rồi "queue reload all".',
    en: 'Queue hotline-training has no member robot, so nobody answers test calls. Add "member => Local/answer@hotline-robot/n,0,robot", then "queue reload all".',
  },
  robotPaused: {
    vi: 'Thành viên robot của hotline-training đang tạm nghỉ. Chạy "queue unpause member Local/answer@hotline-robot/n queue hotline-training" trong Asterisk.',
    en: 'Member robot of hotline-training is paused. Run "queue unpause member Local/answer@hotline-robot/n queue hotline-training" in Asterisk.',
  },
  queueNoMusic: {
    vi: 'Hàng chờ hotline không có nhạc. Đặt musicclass trong queues.conf rồi "queue reload all".',
    en: 'Queue hotline has no music. Set musicclass in queues.conf, then "queue reload all".',
  },
  musicClassMissing: {
    vi: 'Nhạc chờ "{music}" không có trong musiconhold.conf: người dân sẽ nghe im lặng. Thêm mục [{music}] rồi "moh reload".',
    en: 'Music class "{music}" is not in musiconhold.conf: citizens would hear silence. Add section [{music}], then "moh reload".',
  },
  queueJoinEmpty: {
    vi: 'joinempty của hàng chờ hotline là "{value}": khi không có điện thoại viên, người dân bị từ chối. Đặt joinempty=yes rồi "queue reload all".',
    en: 'joinempty of queue hotline is "{value}": with no operator signed in citizens are turned away. Set joinempty=yes, then "queue reload all".',
  },
  queueNoEscape: {
    vi: 'context của hàng chờ hotline là "{value}": phím 1 (gọi lại) và 2 (để lại lời nhắn) không dùng được. Đặt context=queue-escape rồi "queue reload all".',
    en: 'context of queue hotline is "{value}": keys 1 (call back) and 2 (message) do nothing. Set context=queue-escape, then "queue reload all".',
  },
  trunkMissing: {
    vi: 'Không có endpoint "trunk" trong pjsip.conf. Đặt tên trunk cho endpoint của nhà mạng (mẫu: config/asterisk/trunk-registered.conf, trunk-address.conf) rồi "pjsip reload".',
    en: 'There is no endpoint "trunk" in pjsip.conf. Name the carrier’s endpoint trunk (patterns: config/asterisk/trunk-registered.conf, trunk-address.conf), then "pjsip reload".',
  },
  trunkContext: {
    vi: 'Endpoint trunk vào context "{context}". Đặt context=from-trunk rồi "pjsip reload", nếu không cuộc gọi của người dân không đến tổng đài.',
    en: 'Endpoint trunk leads to context "{context}". Set context=from-trunk, then "pjsip reload"; otherwise citizens’ calls never arrive.',
  },
  trunkNotRegistered: {
    vi: 'Trung kế chưa đăng ký được với nhà mạng (trạng thái {status}). Kiểm tra server_uri, client_uri và mật khẩu của mục registration; xem "pjsip show registrations".',
    en: 'The trunk is not registered with the carrier (status {status}). Check server_uri, client_uri and the password of the registration; see "pjsip show registrations".',
  },
  trunkNoContact: {
    vi: 'Endpoint trunk không có địa chỉ để gọi ra. Đặt contact=sip:<nhà mạng> trong aor của trunk rồi "pjsip reload".',
    en: 'Endpoint trunk has no address to call out to. Set contact=sip:<carrier> in the trunk’s aor, then "pjsip reload".',
  },
  trunkUnreachable: {
    vi: 'Nhà mạng không trả lời OPTIONS. Kiểm tra mạng, tường lửa (UDP 5060) và contact của trunk; xem "pjsip show contacts".',
    en: 'The carrier does not answer OPTIONS. Check network, firewall (UDP 5060) and the trunk’s contact; see "pjsip show contacts".',
  },
  ariUnreachable: {
    vi: 'Không ai trả lời ở {url}. Trong http.conf: enabled=yes, bindaddr và bindport phải khớp ARI_URL; tường lửa phải cho qua.',
    en: 'Nobody answers at {url}. In http.conf: enabled=yes, bindaddr and bindport must match ARI_URL; the firewall must let it through.',
  },
  ariNotThere: {
    vi: '{url} trả lời {status} nhưng không phải ARI. Đặt enabled=yes trong ari.conf, nạp res_ari.so; nếu http.conf có prefix thì thêm vào ARI_URL.',
    en: '{url} answers {status}, which is not ARI. Set enabled=yes in ari.conf and load res_ari.so; where http.conf has a prefix, add it to ARI_URL.',
  },
  ariRefused: {
    vi: 'Tổng đài từ chối người dùng ARI "{user}" ({status}). ARI_USER và ARI_SECRET phải khớp mục [{user}] trong ari.conf; sau đó "module reload res_ari.so".',
    en: 'The PBX refuses ARI user "{user}" ({status}). ARI_USER and ARI_SECRET must match section [{user}] of ari.conf; then "module reload res_ari.so".',
  },
  ariReadOnly: {
    vi: 'Người dùng ARI chỉ được đọc. Đặt read_only=no trong ari.conf rồi "module reload res_ari.so".',
    en: 'The ARI user may only read. Set read_only=no in ari.conf, then "module reload res_ari.so".',
  },
  twoPbxs: {
    vi: 'AMI nói với tổng đài "{ami}" còn ARI nói với "{ari}". AMI_HOST và ARI_URL phải trỏ về cùng một Asterisk.',
    en: 'AMI speaks with PBX "{ami}" and ARI with "{ari}". AMI_HOST and ARI_URL must lead to the same Asterisk.',
  },
  noDynamicConfig: {
    vi: 'Không tạo được {type} qua ARI ({status}), nên điện thoại viên không có máy. Chép config/asterisk/sorcery.conf ("… = memory" sau "… = config") và nạp res_sorcery_memory.so, rồi khởi động lại Asterisk.',
    en: 'No {type} can be created over ARI ({status}), so operators have no phones. Copy config/asterisk/sorcery.conf ("… = memory" after "… = config"), load res_sorcery_memory.so, and restart Asterisk.',
  },
  noSipWs: {
    vi: '{url} không nhận WebSocket. Nạp res_http_websocket.so và res_pjsip_transport_websocket.so, thêm transport protocol=ws vào pjsip.conf, hoặc sửa SIP_WS_URL.',
    en: '{url} takes no WebSocket. Load res_http_websocket.so and res_pjsip_transport_websocket.so, add a transport with protocol=ws to pjsip.conf, or correct SIP_WS_URL.',
  },
  promptsMissing: {
    vi: 'Thiếu {count} tệp tiếng Việt: {names}. Chép thư mục tiếng của bản "npm start" (<dữ liệu>/pbx/share/sounds/vi) vào <astdatadir>/sounds/vi, hoặc ghi âm các câu trong config/<thành phố>/prompts.',
    en: '{count} Vietnamese sounds are missing: {names}. Copy the sounds of a copy run by "npm start" (<data>/pbx/share/sounds/vi) to <astdatadir>/sounds/vi, or record the texts of config/<city>/prompts.',
  },
  recordingNotMade: {
    vi: 'Tổng đài không ghi âm thử được vào {folder}. Kiểm tra thư mục có tồn tại, người dùng chạy Asterisk ghi được, và đĩa còn chỗ.',
    en: 'The PBX could not make a trial recording in {folder}. Check that the folder exists, that Asterisk’s user may write there, and that the disk has room.',
  },
  recordingNotInAri: {
    vi: 'Bản ghi thử {name} không thấy qua ARI. HOTLINE_RECORDINGS ({folder}) phải là <astspooldir>/recording và Asterisk phải ghi được vào đó; hoặc đặt PBX_RECORDING_DIR nếu thư mục được chia sẻ với máy này.',
    en: 'The trial recording {name} is not found over ARI. HOTLINE_RECORDINGS ({folder}) must be <astspooldir>/recording and writable for Asterisk; or set PBX_RECORDING_DIR where the folder is shared with this machine.',
  },
  recordingNotShared: {
    vi: 'Tổng đài ghi âm vào {folder} nhưng PBX_RECORDING_DIR là {shared}, không phải cùng thư mục. Sửa PBX_RECORDING_DIR, hoặc bỏ nó để lấy ghi âm qua ARI.',
    en: 'The PBX records into {folder}, but PBX_RECORDING_DIR is {shared}, which is not the same folder. Correct PBX_RECORDING_DIR, or unset it to fetch recordings over ARI.',
  },
  recordingNowhere: {
    vi: 'Bản ghi thử {name} không có ở đâu cả. HOTLINE_RECORDINGS ({folder}) phải tồn tại và Asterisk phải ghi được vào đó; PBX_RECORDING_DIR phải là chính thư mục ấy nhìn từ máy này.',
    en: 'The trial recording {name} is nowhere. HOTLINE_RECORDINGS ({folder}) must exist and be writable for Asterisk; PBX_RECORDING_DIR must be that folder as seen from this machine.',
  },
  smsUnreachable: {
    vi: 'Không kết nối được {host}. Kiểm tra Internet và tường lửa ra ngoài (cổng 443).',
    en: '{host} cannot be reached. Check the internet connection and the outgoing firewall (port 443).',
  },
  smsRefused: {
    vi: 'Twilio từ chối tài khoản. Kiểm tra TWILIO_ACCOUNT_SID và TWILIO_AUTH_TOKEN trong trang quản trị của Twilio.',
    en: 'Twilio refuses the account. Check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN in Twilio’s console.',
  },
  smsBroken: {
    vi: 'Twilio trả lời {status}. Xem status.twilio.com rồi thử lại sau.',
    en: 'Twilio answers {status}. Look at status.twilio.com and try again later.',
  },
  smsNotActive: {
    vi: 'Tài khoản Twilio đang ở trạng thái "{status}", không gửi được SMS. Mở khóa tài khoản (nạp tiền hoặc liên hệ Twilio).',
    en: 'The Twilio account is "{status}" and sends nothing. Have it reopened (top it up, or contact Twilio).',
  },
  publicUrlNotSecure: {
    vi: 'PUBLIC_URL là {url}: trình duyệt chỉ cho dùng micrô trên https hoặc localhost. Đặt proxy TLS phía trước và PUBLIC_URL=https://…',
    en: 'PUBLIC_URL is {url}: browsers give the microphone to https and localhost only. Put a TLS proxy in front and set PUBLIC_URL=https://…',
  },
  publicUrlNotPublic: {
    vi: 'PUBLIC_URL là {url}: nhà mạng SMS không báo kết quả về được và cán bộ không mở được liên kết trong SMS. Đặt PUBLIC_URL là địa chỉ https có trên Internet.',
    en: 'PUBLIC_URL is {url}: the SMS carrier cannot report to it and officers cannot open the links of the SMS. Set PUBLIC_URL to an https address on the internet.',
  },
  serviceDown: {
    vi: 'Không có dịch vụ ở {url}. Chạy "npm start" (hoặc khởi động dịch vụ của hệ thống), và kiểm tra HTTP_PORT.',
    en: 'No service answers at {url}. Run "npm start" (or start the system’s service), and check HTTP_PORT.',
  },
  serviceNotReady: {
    vi: 'Dịch vụ ở {url} chạy nhưng chưa sẵn sàng: {parts}. Sửa các mục trên trước, rồi xem nhật ký của dịch vụ.',
    en: 'The service at {url} runs but is not ready: {parts}. Mend what stands above first, then look in its log.',
  },
} as const satisfies Readonly<Record<string, Sentence>>
export type ProblemId = keyof typeof PROBLEMS
