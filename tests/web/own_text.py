"""A made-up regulation that An's ward brings in: what the pages of own texts are tried on."""

from __future__ import annotations

CODE = "xa-mau"
SOURCE = """ỦY BAN NHÂN DÂN
XÃ MẪU
Số: 41/QĐ-UBND
Mẫu, ngày 03 tháng 8 năm 2026
QUYẾT ĐỊNH
Ban hành Quy chế bảo đảm an ninh mạng của Ủy ban nhân dân xã Mẫu
Điều 1. Ban hành kèm theo Quyết định này Quy chế bảo đảm an ninh mạng của Ủy ban nhân dân xã Mẫu.
Điều 2. Quyết định này có hiệu lực kể từ ngày 01/9/2026.
QUY CHẾ
Bảo đảm an ninh mạng của Ủy ban nhân dân xã Mẫu
Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi điều chỉnh
Quy chế này quy định các biện pháp bảo đảm an ninh mạng tại Ủy ban nhân dân xã.
Chương II
BIỆN PHÁP BẢO ĐẢM AN NINH MẠNG
Điều 2. Tài khoản và mật khẩu
1. Mật khẩu dài ít nhất 12 ký tự, gồm chữ hoa, chữ thường, chữ số và ký tự đặc biệt.
2. Cán bộ phải đổi mật khẩu 02 tháng/lần.
3. Phần mềm một cửa tự khóa tài khoản khi nhập sai mật khẩu quá 03 lần liên tiếp.
4. Tên <script>alert(1)</script> & "=1+1" không được đặt cho tài khoản của xã.
Điều 3. Máy trạm
1. Máy trạm tự khóa màn hình khi không sử dụng quá 05 phút và yêu cầu nhập lại mật khẩu.
2. Toàn bộ máy trạm của xã phải được cài phần mềm diệt vi rút có bản quyền.
Chương III
TỔ CHỨC THỰC HIỆN
Điều 4. Chế độ báo cáo
1. Trước ngày 15 của tháng cuối quý, công chức phụ trách báo cáo tình hình an ninh mạng về Sở Khoa học và Công nghệ.
2. Văn phòng xã chăm sóc cây cảnh và vệ sinh khuôn viên trụ sở vào thứ sáu.
"""
