"""Error messages for people whose submission was rejected: one table, by code, in both languages.

Every text says what was wrong and what to do. `{name}` parts are filled with facts.
"""

from typing import Final

from schemas.names import Language, Name


def _name(zh: str, en: str) -> Name:
    return Name(zh=zh, en=en)


ERRORS: Final[dict[str, Name]] = {
    # how it was sent
    "bad_json": _name(
        "内容不是有效的 JSON。请检查格式后重新发送。", "This is not valid JSON. Check it and send it again."
    ),
    "not_an_object": _name(
        'JSON 应是一个对象，例如 {{"text": "…"}}。', 'The JSON must be one object, such as {{"text": "…"}}.'
    ),
    "not_utf8": _name("文字不是 UTF-8 编码。请用 UTF-8 重新发送。", "This text is not UTF-8. Send it again as UTF-8."),
    "bad_form": _name("表单不完整或已损坏。请重新发送。", "The form is incomplete or broken. Send it again."),
    "wrong_content_type": _name(
        "不支持这种内容类型。请用 application/json、multipart/form-data 或网页表单。",
        "This content type is not taken. Use application/json, multipart/form-data or a web form.",
    ),
    "too_large": _name(
        "内容超过 {limit} 字节（不含照片）。请缩短文字。",
        "This is over {limit} bytes without photos. Shorten the text.",
    ),
    "too_long": _name("“{where}”超过 {limit} 个字符。请缩短。", '"{where}" is over {limit} characters. Shorten it.'),
    "unknown_field": _name("没有“{where}”这个字段。可用：{known}。", 'There is no field "{where}". Known: {known}.'),
    "given_twice": _name("“{where}”出现了两次。请只写一次。", '"{where}" stands twice. Give it once.'),
    "too_many": _name("“{where}”最多 {limit} 项。请减少。", '"{where}" takes at most {limit}. Send fewer.'),
    "wrong_type": _name("“{where}”的类型不对，应为{wanted}。", '"{where}" has the wrong type; it must be {wanted}.'),
    "source_not_open": _name(
        "只有已登记的导入平台可以带来源信息。请去掉“{where}”。",
        'Only registered importing platforms may bring source facts. Leave out "{where}".',
    ),
    "door_not_open": _name(
        "此入口只接受 web 或 cli。导入请用 grid36 replay。",
        "Only web and cli may come in here. To import, use grid36 replay.",
    ),
    "cross_site": _name(
        "请求来自另一个网站，已拒绝。请在本系统的页面上操作。",
        "This request came from another site and was refused. Use this system's own pages.",
    ),
    "wrong_host": _name("请用 127.0.0.1 或 localhost 访问本系统。", "Reach this system as 127.0.0.1 or localhost."),
    # ids
    "bad_id": _name(
        "编号“{where}”只能有 1 到 100 个字符，不含空格和 / ? # %。",
        'The id "{where}" has 1 to 100 characters, without spaces and / ? # %.',
    ),
    "other_content": _name(
        "这个编号已用于别的内容。请换一个编号，或原样重发。",
        "This id was already used for something else. Take a new id, or send the same content again.",
    ),
    "bad_case_number": _name(
        "“{given}”不是案件编号，应如 {example}。", '"{given}" is no case number; one looks like {example}.'
    ),
    "other_region": _name(
        "案件 {given} 不属于本地区（{region}）。请到它所在地区的系统处理。",
        "Case {given} is not of this region ({region}). Use the system of its region.",
    ),
    "unknown_case": _name("没有案件 {given}。请核对编号。", "There is no case {given}. Check the number."),
    "unknown_report": _name("没有上报 {given}。请核对编号。", "There is no report {given}. Check the id."),
    "unknown_id": _name("没有编号 {given}。请核对编号。", "There is nothing with the id {given}. Check it."),
    "unknown_photo": _name("没有照片 {given}。请先上传照片。", "There is no photo {given}. Upload it first."),
    "unknown_page": _name("没有这个地址。", "There is nothing at this address."),
    "wrong_method": _name(
        "这个地址不支持 {given}。可用：{known}。", "This address does not take {given}. It takes: {known}."
    ),
    # what it says
    "missing": _name("缺少“{where}”。", '"{where}" is missing.'),
    "nothing_said": _name(
        "请至少写一句话、拍一张照片或选一个类别。", "Write a few words, add a photo or choose a category."
    ),
    "nothing_supplied": _name("请补充文字、照片或地点。", "Supply words, a photo or a place."),
    "not_one_of": _name(
        "“{where}”不能是“{given}”。可用：{known}。", '"{where}" cannot be "{given}". Use one of: {known}.'
    ),
    "unknown_act": _name("没有“{given}”这个操作。可用：{known}。", 'There is no act "{given}". Use one of: {known}.'),
    "unknown_datum": _name(
        "坐标系“{given}”未知。请用 wgs84（手机、浏览器）、gcj02（微信、高德）或 bd09（百度）。",
        'The datum "{given}" is unknown. Use wgs84 (phones, browsers), gcj02 (WeChat, AMap) or bd09 (Baidu).',
    ),
    "datum_needed": _name(
        "坐标没有注明坐标系（datum），可能偏差 500 米。"
        "请注明 wgs84（手机、浏览器）、gcj02（微信、高德）或 bd09（百度）。",
        "A position needs its `datum`, or it may be 500 m off. "
        "Add wgs84 (phones, browsers), gcj02 (WeChat, AMap) or bd09 (Baidu).",
    ),
    "half_coordinates": _name(
        "经度和纬度要一起给；缺少“{where}”。", 'Longitude and latitude belong together; "{where}" is missing.'
    ),
    "bad_coordinate": _name(
        "“{where}”不是有效的度数：{given}。应在 -{limit} 与 {limit} 之间。",
        '"{where}" is no valid number of degrees: {given}. It lies between -{limit} and {limit}.',
    ),
    "bad_time": _name(
        "“{where}”不是时间：{given}。请写成 2026-11-22T08:30+08:00。",
        '"{where}" is no time: {given}. Write it as 2026-11-22T08:30+08:00.',
    ),
    "time_out_of_range": _name(
        "“{where}”的年份不可能：{given}。应在 1900 年之后、2200 年之前。",
        '"{where}" has an impossible year: {given}. It lies after 1900 and before 2200.',
    ),
    "time_backwards": _name("结束时间要晚于开始时间。", '"until" must be later than "from".'),
    "bad_number": _name(
        "“{where}”应为 {low} 到 {high} 的整数，不能是 {given}。",
        '"{where}" must be a whole number from {low} to {high}, not {given}.',
    ),
    # what departments and lists have to do with it
    "no_department": _name(
        "“{given}”不是本地区的部门，不能下派任务。可用：{known}。",
        '"{given}" is no department of this region and cannot push tasks down. Use one of: {known}.',
    ),
    "no_officer": _name(
        "只有“{department}”的部门人员可以代表它下派任务；“{given}”不是。请用该部门人员的编号上报。",
        'Only an officer of "{department}" can push a task down for it; "{given}" is none. Report as its officer.',
    ),
    "item_without_push": _name(
        "清单事项只用于部门下派的任务。请同时写明“pushed_by”，或去掉“{where}”。",
        'A list item is cited by a department that pushes a task down. Give "pushed_by" too, or leave out "{where}".',
    ),
    "nobody_called": _name(
        "还没有选部门。请至少选一个要吹哨的部门。", "No department is chosen. Choose at least one to call."
    ),
    "scores_elsewhere": _name(
        "打分只用于评价报到（rate-report-in）。请去掉“{where}”，或改用该操作。",
        'Scores go with the act rate-report-in only. Leave out "{where}", or use that act.',
    ),
    "change_without_place": _name(
        "清单调整建议要说明来自哪里。请写明网格编码（code）或相关案件所在的网格。",
        "A proposed change of the list comes from somewhere. Give the code of a grid, such as that of the case it is"
        " about.",
    ),
    "may_not_propose": _name(
        "{by}在此处没有清单调整建议权，不能提出清单调整。发现清单有误，可作为建议上报（kind=suggestion）。",
        "{by} may not propose changes of the list here: that takes the power list_drafting. What is wrong with the list"
        " can be reported as a suggestion (kind=suggestion).",
    ),
    "bad_change": _name(
        "建议的清单事项不完整或有误：{detail}。请更正后重发。",
        "The proposed item is not whole or wrong: {detail}. Correct it and send it again.",
    ),
    "fixed_needs_photos": _name(
        "“已当场处置”需要处置前和处置后各一张照片。请补齐后再发，或去掉该标记，按一般问题上报。",
        '"Fixed on the spot" needs a photo of before (photos) and one of after (after_photos). Add them, or leave out '
        '"fixed" to report it as it is.',
    ),
    "same_photo": _name(
        "处置前后是同一张照片。请上传处置后新拍的照片。",
        "The photos before and after are the same one. Send a photo taken after the work.",
    ),
    "change_of_nothing": _name(
        "建议与现行的“{given}”相同，没有改动。请写明要改的内容。",
        'This says of "{given}" what the list says already. Name what is to change.',
    ),
    # photos
    "photo_too_large": _name(
        "照片超过 {limit} MB。请在相机设置里选 1200 万或 5000 万像素重拍，或发送缩小的图。",
        "The photo is over {limit} MB. Take it with 12 or 50 megapixels (camera settings), or send a smaller copy.",
    ),
    "photo_too_many_pixels": _name(
        "这种格式的照片最多 {limit} 百万像素。请存为 JPEG 或缩小后重发。",
        "Photos of this format have at most {limit} megapixels. Save it as JPEG, or send a smaller copy.",
    ),
    "photo_unreadable": _name(
        "这不是可读的照片。请发 JPEG、HEIC、PNG、WebP 或 AVIF。",
        "This is not a readable photo. Send JPEG, HEIC, PNG, WebP or AVIF.",
    ),
    "photo_is_map": _name(
        "这是地图数据，不是照片。请发照片；要用它建立地区，请管理员运行 grid36 region new。",
        "This is a map file, not a photo. Send a photo; to make a region from the map, operators run "
        "grid36 region new.",
    ),
    "photo_is_film": _name(
        "这是视频，不是照片。请拍一张照片，或从视频中截一张图。",
        "This is a film, not a photo. Take a photo, or a still from the film.",
    ),
    "photo_is_raw": _name(
        "这是相机原始文件或 TIFF。请发相机同时保存的 JPEG，或另存为 JPEG。",
        "This is a raw file of a camera, or TIFF. Send the JPEG beside it, or save it as JPEG.",
    ),
    "photo_is_document": _name(
        "这是文档或压缩包，不是照片。请发其中的照片，或把内容写进描述。",
        "This is a document or an archive, not a photo. Send the photos in it, or write what it says as text.",
    ),
    "file_in_wrong_field": _name(
        "照片要放在 photos 字段（处置后的照片放在 after_photos），不是“{where}”。",
        'Photos go into the field photos (after the work: after_photos), not into "{where}".',
    ),
    "photo_broken": _name(
        "照片不完整或已损坏。请重新拍摄或重发。", "The photo is cut off or broken. Take or send it again."
    ),
    "too_many_photos": _name("一次最多 {limit} 张照片。", "At most {limit} photos at a time."),
    # the system
    "history_system": _name(
        "本系统只保存历史数据，不接受新的上报和操作。请用实时系统。",
        "This system holds a past and takes no reports or acts. Use the live system.",
    ),
    "outbox_unwritable": _name(
        "暂时无法保存，没有受理。请稍后重发；管理员请检查磁盘空间。",
        "This could not be stored and was not accepted. Send it again soon; operators: look at the disk space.",
    ),
    "ledger_away": _name(
        "案件台账尚未就绪。请稍后再试；管理员请运行 grid36 status。",
        "The ledger is not ready. Try again soon; operators: run grid36 status.",
    ),
    "internal": _name(
        "系统内部出错，没有受理。请稍后重发；错误号 {number}。",
        "Something failed inside, and nothing was accepted. Send it again soon; error number {number}.",
    ),
}


FIELDS: Final[dict[str, Name]] = {
    "text": _name("描述", "text"),
    "note": _name("说明", "note"),
    "address": _name("地址", "address"),
    "code": _name("地点编码", "code"),
    "category": _name("类别", "category"),
    "kind": _name("类型", "kind"),
    "photos": _name("照片", "photos"),
    "photo": _name("照片", "photo"),
    "after_photos": _name("处置后照片", "after_photos"),
    "after": _name("处置后照片", "after"),
    "hours": _name("小时数", "hours"),
    "reason": _name("原因", "reason"),
    "outcome": _name("结果", "outcome"),
    "rating": _name("评价", "rating"),
    "cite": _name("清单事项", "cite"),
    "to": _name("对象", "to"),
    "by": _name("操作人", "by"),
    "person": _name("不在岗的人", "person"),
    "cover": _name("代班人", "cover"),
    "from": _name("开始时间", "from"),
    "until": _name("结束时间", "until"),
    "lat": _name("纬度", "lat"),
    "lon": _name("经度", "lon"),
    "fixed": _name("已当场处置", "fixed"),
    "urgent": _name("紧急", "urgent"),
    "reporter": _name("上报人", "reporter"),
    "pushed_by": _name("下派部门", "pushed_by"),
    "item": _name("清单事项", "item"),
    "change": _name("清单调整", "change"),
    "attributes": _name("属性", "attributes"),
    "cooperation": _name("配合度", "cooperation"),
    "professionalism": _name("专业性", "professionalism"),
    "responsibility": _name("担当意识", "responsibility"),
}
"""Fields of the pages' forms as their readers know them; programs find the field's own name in `where`."""
KINDS: Final = {"text": _name("文字", "text")}
"""What a value should have been, where that is a word."""


def say(code: str, language: Language, **facts: object) -> str:
    """The text for `code` in `language`, with its facts filled in; fields are called by their name in it."""
    shown = {name: fact.to(language) if isinstance(fact, Name) else fact for name, fact in facts.items()}
    for fact, names in (("where", FIELDS), ("wanted", KINDS)):
        if (known := names.get(str(shown.get(fact)))) is not None:
            shown[fact] = known.to(language)
    return ERRORS[code].to(language).format(**shown)
