/** An invented report as an operator would have typed it; those of one `matter` are about the same thing. */
export interface LabelledReport {
  readonly matter: string
  readonly fieldId: string
  readonly areaId: string | null
  readonly place: string
  readonly content: string
}

type Row = readonly [matter: string, fieldId: string, areaId: string | null, place: string, content: string]

const reports = (rows: readonly Row[]): readonly LabelledReport[] =>
  rows.map(([matter, fieldId, areaId, place, content]) => ({ matter, fieldId, areaId, place, content }))

const GV = 'p-gia-vien'
const LC = 'p-le-chan'
const NQ = 'p-ngo-quyen'
const HB = 'p-hong-bang'
const KA = 'p-kien-an'
const HD = 'p-hai-duong'

/** Points and threshold of duplicate-policy.ts were set on these, in the order they came in. */
export const TUNING = reports([
  [
    'lamp-lach-tray',
    'lighting',
    GV,
    '12 Lạch Tray',
    'Ba cột đèn đường tắt từ tối hôm qua, đi lại rất nguy hiểm.',
  ],
  [
    'lamp-lach-tray',
    'lighting',
    GV,
    'số 14 đ. Lạch Tray',
    'Đèn chiếu sáng không sáng mấy hôm nay, cả đoạn tối om.',
  ],
  [
    'lamp-lach-tray',
    'lighting',
    GV,
    'doan truoc nha 10 lach tray',
    'den duong tat ca doan, toi qua khong thay duong',
  ],
  // The same street far off, and the same street with another trouble.
  [
    'lamp-lach-tray-far',
    'lighting',
    GV,
    '350 Lạch Tray',
    'Bóng đèn cao áp trước nhà nhấp nháy liên tục cả đêm.',
  ],
  [
    'water-lach-tray',
    'water',
    GV,
    '12 Lạch Tray',
    'Vỡ ống nước sạch, nước chảy lênh láng ra vỉa hè từ sáng.',
  ],
  [
    'water-lach-tray',
    'water',
    GV,
    'trước số 12 Lạch Tray',
    'Ống nước bị vỡ phun lên giữa đường, nước máy chảy rất mạnh.',
  ],
  [
    'flood-tran-phu',
    'drainage',
    NQ,
    '45 Trần Phú',
    'Sập cống thoát nước, hố rộng khoảng một mét giữa đường.',
  ],
  [
    'flood-tran-phu',
    'drainage',
    NQ,
    'Trần Phú, trước số 47',
    'Có hố sụt do sập cống, xe máy suýt ngã, đề nghị rào chắn.',
  ],
  [
    'flood-tran-phu',
    'road',
    NQ,
    'Trần Phú',
    'Đường bị sụt một hố to trước số 45 Trần Phú, rất nguy hiểm cho xe máy.',
  ],
  ['tree-tran-phu', 'trees', NQ, '60 Trần Phú', 'Cây phượng nghiêng sắp đổ ra đường, cành chạm dây điện.'],
  ['noise-to-hieu', 'noise', LC, 'ngõ 45 Tô Hiệu', 'Nhà hàng xóm hát karaoke loa kéo đến 12 giờ đêm.'],
  [
    'noise-to-hieu',
    'noise',
    LC,
    '45/12 Tô Hiệu',
    'Hát karaoke bằng loa kéo rất to sau 22 giờ, cả ngõ không ngủ được.',
  ],
  ['noise-to-hieu-120', 'noise', LC, 'ngõ 120 Tô Hiệu', 'Quán cà phê mở nhạc to suốt ngày.'],
  ['noise-night-works', 'noise', LC, '200 Nguyễn Đức Cảnh', 'Công trình khoan cắt bê tông thi công ban đêm.'],
  [
    'rubbish-co-dao',
    'waste',
    NQ,
    'chợ Cố Đạo',
    'Rác chất đống ở cổng chợ ba ngày chưa ai thu gom, mùi hôi thối.',
  ],
  ['rubbish-co-dao', 'waste', NQ, 'cổng chợ Cố Đạo', 'Bãi rác trước cổng chợ không được dọn, bốc mùi.'],
  ['rubbish-luong-van-can', 'waste', NQ, 'chợ Lương Văn Can', 'Rác ở chợ chất đống chưa thu gom, mùi hôi.'],
  [
    'power-cut-gia-vien',
    'power',
    GV,
    '',
    'Mất điện cả khu từ 7 giờ sáng đến giờ chưa có lại, không thông báo trước.',
  ],
  [
    'power-cut-gia-vien',
    'power',
    GV,
    'khu dân cư Gia Viên',
    'Cúp điện cả khu từ sáng sớm, gọi điện lực không được.',
  ],
  [
    'power-cut-gia-vien',
    'power',
    GV,
    'ngõ 8 Lê Lai',
    'Mất điện từ sáng tới giờ chưa có lại, cả khu không có điện.',
  ],
  ['power-cut-kien-an', 'power', KA, 'Trần Thành Ngọ', 'Mất điện từ 7 giờ sáng, cả khu chưa có lại.'],
  [
    'power-bill',
    'power',
    GV,
    '20 Lê Lai',
    'Hóa đơn tiền điện tháng này tăng gấp ba, đề nghị kiểm tra công tơ.',
  ],
  ['pothole-cau-rao', 'road', HB, 'chân cầu Rào', 'Ổ gà lớn ở chân cầu, tối qua có người ngã xe.'],
  ['pothole-cau-rao', 'road', HB, 'đầu cầu Rào', 'Mặt đường có ổ gà sâu ngay đầu cầu, nhiều xe máy bị ngã.'],
  ['pothole-cau-niem', 'road', HB, 'chân cầu Niệm', 'Ổ gà lớn ở chân cầu, đã có người ngã xe.'],
  [
    'light-crossing',
    'traffic-light',
    NQ,
    'ngã tư Lạch Tray - Nguyễn Bỉnh Khiêm',
    'Đèn tín hiệu giao thông không hoạt động, xe cộ hỗn loạn.',
  ],
  [
    'light-crossing',
    'traffic-light',
    NQ,
    'ngã tư Nguyễn Bỉnh Khiêm',
    'Đèn xanh đèn đỏ bị hỏng từ sáng, tắc đường.',
  ],
  ['sign-crossing', 'traffic-light', NQ, 'Nguyễn Bỉnh Khiêm', 'Biển báo cấm đỗ xe bị cây che khuất.'],
  [
    'wires-cat-dai',
    'telecom',
    LC,
    '15 Cát Dài',
    'Dây cáp viễn thông đứt rơi xuống đường, vướng người đi lại.',
  ],
  ['wires-cat-dai', 'telecom', LC, 'trước nhà 17 phố Cát Dài', 'Cáp treo bị đứt sà xuống lòng đường.'],
  ['parking-cat-dai', 'traffic-order', LC, '15 Cát Dài', 'Ô tô đỗ kín lòng đường cả ngày, không ai đi được.'],
  [
    'building-van-cao',
    'building',
    GV,
    'ngách 5 ngõ 61 Văn Cao',
    'Hàng xóm xây dựng trái phép, cơi nới ra ngõ đi chung.',
  ],
  [
    'building-van-cao',
    'building',
    GV,
    'ngõ 61 Văn Cao',
    'Có nhà đang xây không phép lấn ra lối đi chung của ngõ.',
  ],
  ['dust-hai-duong', 'pollution', HD, 'đường Nguyễn Lương Bằng', 'Xe chở đất làm bụi mù, khói bụi cả ngày.'],
  ['burning-hai-duong', 'pollution', HD, 'đường Thanh Niên', 'Đốt rác thải công nghiệp khói đen mùi khét.'],
  [
    'burning-hai-duong',
    'pollution',
    HD,
    'Thanh Niên, gần cầu Cất',
    'Khói đen khét lẹt do đốt rác công nghiệp, chiều nào cũng đốt.',
  ],
  [
    'school-fee',
    'education',
    LC,
    'trường tiểu học Minh Khai',
    'Nhà trường thu tiền ngoài quy định, phụ huynh bức xúc.',
  ],
  ['school-fee', 'education', LC, 'Trường Minh Khai', 'Lạm thu đầu năm học, thu tiền quỹ ngoài quy định.'],
  ['fuel', 'market', KA, 'cây xăng Trần Tất Văn', 'Cây xăng bơm thiếu, cân thiếu so với đồng hồ.'],
  ['dogs', 'order', KA, 'tổ 5', 'Thanh niên tụ tập đua xe, gây rối mỗi tối thứ bảy.'],
  [
    'dogs',
    'order',
    KA,
    'tổ 5 đường Trần Nhân Tông',
    'Nhóm thanh niên đua xe nẹt pô gây rối, tối thứ bảy nào cũng có.',
  ],
  ['land-title', 'procedure-land', LC, '', 'Nộp hồ sơ tách thửa hai tháng chưa được trả kết quả.'],
  ['land-title-2', 'procedure-land', LC, '', 'Hỏi thủ tục sang tên sổ đỏ cho con cần giấy tờ gì.'],
  ['insurance', 'insurance', null, '', 'Hỏi cách gia hạn thẻ bảo hiểm y tế hộ gia đình.'],
  ['insurance-2', 'insurance', null, '', 'Lương hưu tháng này chưa nhận được.'],
  ['manhole-dinh-tien-hoang', 'road', HB, '30 Đinh Tiên Hoàng', 'Nắp cống bị mất, hố sâu giữa vỉa hè.'],
  [
    'manhole-dinh-tien-hoang',
    'road',
    HB,
    'vỉa hè đối diện số 31 Đinh Tiên Hoàng',
    'Mất nắp hố ga trên vỉa hè, trẻ con dễ ngã.',
  ],
  ['sewage-dinh-tien-hoang', 'drainage', HB, '88 Đinh Tiên Hoàng', 'Cống tắc nước thải tràn lên vỉa hè.'],
  ['mosquito', 'health', HB, 'ngõ 10 Hạ Lý', 'Nhiều người bị sốt xuất huyết, đề nghị phun thuốc muỗi.'],
  ['mosquito', 'health', HB, 'ngõ 10 phố Hạ Lý', 'Xin phun thuốc muỗi, trong ngõ có năm ca sốt xuất huyết.'],
])

/** Nothing was set on these: they say how well it works on what it has not seen. */
export const HELD_OUT = reports([
  [
    'lamp-van-cao',
    'lighting',
    GV,
    'đ.Văn Cao, P.Gia Viên',
    'Cả dãy đèn đường từ ngã tư đến bệnh viện không bật từ hôm qua.',
  ],
  ['lamp-van-cao', 'lighting', GV, '104 Văn Cao', 'Đèn đường đoạn gần bệnh viện tắt, hai tối rồi chưa sửa.'],
  ['water-van-cao', 'water', GV, '104 Văn Cao', 'Nước máy đục có mùi tanh không dùng được.'],
  [
    'water-weak',
    'water',
    KA,
    'khu tập thể Quy Lưu',
    'Nước yếu lắm, tầng ba không lên được nước từ đầu tuần.',
  ],
  ['water-weak', 'water', KA, 'tập thể Quy Lưu', 'nuoc may chay rat yeu, tang 4 khong co nuoc may hom nay'],
  ['water-weak-2', 'water', HB, 'chung cư Hoàng Huy', 'Nước yếu, tầng cao không có nước.'],
  ['tree-cat-bi', 'trees', 'p-hai-an', '23 Cát Bi', 'Cây xà cừ gãy cành to chắn ngang đường sau mưa.'],
  [
    'tree-cat-bi',
    'trees',
    'p-hai-an',
    'phố Cát Bi, trước trường học',
    'Cành cây gãy nằm chắn hết đường đi lại.',
  ],
  ['tree-dead', 'trees', 'p-hai-an', '210 Cát Bi', 'Cây khô chết đã lâu, xin chặt bỏ kẻo đổ.'],
  ['flood-quan-nam', 'drainage', LC, 'đường Quán Nam', 'Mưa là ngập nửa bánh xe, nước không rút được.'],
  ['flood-quan-nam', 'drainage', LC, '128 Quán Nam', 'Ngập úng sau mưa cả đoạn đường, nước vào nhà dân.'],
  ['flood-cho-hang', 'drainage', LC, 'Chợ Hàng', 'Mưa to là ngập, nước không rút.'],
  [
    'rubbish-phuong-luu',
    'waste',
    'p-dong-hai',
    'ngõ 2 Phương Lưu',
    'Đổ trộm phế thải xây dựng thành đống ở đầu ngõ.',
  ],
  [
    'rubbish-phuong-luu',
    'waste',
    'p-dong-hai',
    'đầu ngõ 2 Phương Lưu',
    'Có xe ba gác đêm nào cũng đổ trộm phế thải ở đây.',
  ],
  [
    'rubbish-phuong-luu-9',
    'waste',
    'p-dong-hai',
    'ngõ 9 Phương Lưu',
    'Thùng rác công cộng hỏng nắp, xin thay thùng mới.',
  ],
  ['noise-bar', 'noise', NQ, '7 Văn Cao', 'Quán bar mở nhạc quá to tới 2 giờ sáng.'],
  ['noise-bar', 'noise', NQ, 'số 7 đường Văn Cao', 'Nhạc của quán bar quá ồn, 2 giờ sáng chưa tắt.'],
  [
    'pavement-cau-dat',
    'traffic-order',
    NQ,
    'phố Cầu Đất',
    'Hàng quán lấn chiếm vỉa hè, người đi bộ phải xuống lòng đường.',
  ],
  ['pavement-cau-dat', 'traffic-order', NQ, '40 Cầu Đất', 'Quán ăn bày bàn ghế lấn chiếm hết vỉa hè.'],
  ['pavement-bricks', 'road', NQ, '22 Cầu Đất', 'Gạch lát vỉa hè bong tróc nhiều chỗ.'],
  ['food-poison', 'food', HD, 'quán cơm đường Bạch Đằng', 'Ăn cơm hộp xong cả nhà bị ngộ độc phải đi viện.'],
  ['food-meat', 'food', HD, 'chợ Phú Yên', 'Bán thịt ôi có mùi, người bán không nhận lại.'],
  [
    'online-file',
    'procedure-online',
    null,
    '',
    'Nộp hồ sơ trên cổng dịch vụ công bị báo lỗi không tải được tệp.',
  ],
  [
    'online-file-2',
    'procedure-online',
    null,
    '',
    'Quên mật khẩu tài khoản định danh VNeID, hỏi cách lấy lại.',
  ],
  ['wall-crack', 'building', LC, '9 Hồ Sen', 'Nhà bên cạnh đào móng làm nứt tường nhà tôi.'],
  ['wall-crack', 'building', LC, 'nhà 11 phố Hồ Sen', 'Công trình đào móng số 9 làm nứt nhà liền kề.'],
])
